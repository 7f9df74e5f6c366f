import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Lets one set-up work at a time, and survives being killed. A process that wants its turn writes a file under its own name and
 * then looks at the others: alone, it has its turn. Among several the smallest pid stays and waits for the rest to leave; the
 * others withdraw and ask again. Files of processes that are no longer alive count for nothing.
 */

/** Names one life of a pid where the system tells it, so that a reused pid is not taken for a live claim. @param {number} pid */
function lifeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /^[ZX]/.test(fields[0] ?? '') ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === 'linux') return null;
  }
  try {
    process.kill(pid, 0);
    return 'alive';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'alive' : null;
  }
}

/** @param {string} folder @param {string} own */
function others(folder, own) {
  return readdirSync(folder).flatMap((file) => {
    if (file === own) return [];
    const [pid, life] = file.split('-');
    if (lifeOf(Number(pid)) === life) return [Number(pid)];
    rmSync(join(folder, file), { force: true });
    return [];
  });
}

/**
 * Runs `work` when no other process does so in the same folder.
 * @template Result
 * @param {string} folder made when missing
 * @param {() => void} onWait called once when somebody else has the turn
 * @param {() => Promise<Result>} work
 */
export async function inTurn(folder, onWait, work) {
  mkdirSync(folder, { recursive: true });
  const own = `${process.pid}-${lifeOf(process.pid)}`;
  const file = join(folder, own);
  let hasWaited = false;
  try {
    for (;;) {
      writeFileSync(file, '');
      const waiting = others(folder, own);
      if (waiting.length === 0) break;
      if (!hasWaited) onWait();
      hasWaited = true;
      if (waiting.some((pid) => pid < process.pid)) rmSync(file, { force: true });
      await sleep(100);
    }
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
