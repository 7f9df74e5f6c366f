import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { BatonError } from '@baton/contracts';
import { z } from 'zod';
import { homePaths } from './home.js';

/*
 * One supervisor at a time owns a BATON_HOME. `owner.json` names it by its pid and the time that process began, because a pid
 * alone may belong to another program after a reboot.
 */

const Owner = z.object({
  pid: z.int().positive(),
  began: z.string(),
  url: z.string().nullable(),
  /** The services that it keeps alive; missing in files of before this was written down. */
  services: z.array(z.string()).optional(),
});
export type Owner = z.infer<typeof Owner>;

/** When the process began, in the system's own words; null when there is none, or only its zombie. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The fields after the command, which stands in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' || fields[0] === 'X' ? null : `${boot} ${fields[19]}`;
  } catch {
    if (process.platform === 'linux') return null;
  }
  const { status, stdout } = spawnSync('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [state, ...began] = stdout.trim().split(/\s+/);
  return status !== 0 || state === undefined || state.startsWith('Z') ? null : began.join(' ');
}

function parseOwner(text: string): Owner | null {
  try {
    return Owner.parse(JSON.parse(text));
  } catch {
    return null; // Half a file of a machine that lost its power: nobody lives by that name.
  }
}

const read = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

const isAlive = (owner: Owner | null): owner is Owner => owner !== null && beganAt(owner.pid) === owner.began;

/** The live process that owns the home, if there is one. */
export function ownerOf(home: string): Owner | null {
  const owner = parseOwner(read(homePaths(home).owner) ?? '');
  return isAlive(owner) ? owner : null;
}

const alreadyRunning = (home: string, { pid, url }: Owner): BatonError =>
  new BatonError(`Baton is already running with ${home}${url === null ? '' : ` at ${url}`} (process ${pid}).`, {
    code: 'already-running',
    next: 'Use it with `baton run submit`, stop it with Ctrl-C, or start another one with a BATON_HOME of its own.',
  });

/** Puts a file in place only where there is none: the one step of a claim that two processes cannot both do. */
function linkInPlace(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

/**
 * Takes the home for this process. Throws `already-running` when a live process has it. A dead owner's file is moved away
 * first; whoever finds that it moved a live one's puts it back.
 */
export function claimHome(home: string, url: string | null, services?: readonly string[]): { release(): void } {
  const { owner: file } = homePaths(home);
  const claim = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const kept = services === undefined ? {} : { services: [...services] };
  const text = JSON.stringify({ pid: process.pid, began: beganAt(process.pid) ?? '', url, ...kept } satisfies Owner);
  writeFileSync(claim, text, { mode: 0o600, flag: 'wx' });
  try {
    while (!linkInPlace(claim, file)) {
      const found = parseOwner(read(file) ?? '');
      if (isAlive(found)) throw alreadyRunning(home, found);
      removeDead(file, `${claim}.dead`);
    }
  } finally {
    rmSync(claim, { force: true });
  }
  return {
    release: () => {
      if (read(file) === text) rmSync(file, { force: true });
    },
  };
}

function removeDead(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch {
    return; // Somebody else was faster.
  }
  if (isAlive(parseOwner(read(aside) ?? ''))) linkInPlace(aside, file);
  rmSync(aside, { force: true });
}
