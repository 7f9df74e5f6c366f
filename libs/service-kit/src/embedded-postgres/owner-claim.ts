import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatonError } from '@baton/contracts';
import { lifeOf, sleep } from './process-facts.js';

/**
 * One process at a time owns a directory. Node has no file locks, and a lock file that has to be taken over from a dead
 * owner invites two takers, so nothing is ever taken over here: each process writes a claim under its own name
 * (`owner-<pid>-<life>.claim`) and only then looks at the others. Whichever of two claims was written second sees the first,
 * so never do both go ahead. A claim of a process that is no longer alive counts for nothing and is swept away.
 *
 * Of two claims made at the same moment, the smaller pid waits for the larger to withdraw; a confirmed one (`.held`) wins at once.
 */
export interface OwnerClaim {
  release(): void;
}

interface Claim {
  readonly pid: number;
  readonly held: boolean;
}

const CLAIM_FILE = /^owner-(\d+)-([0-9a-f]+)\.(claim|held)$/;

/** Claims of live processes, except those whose file name starts with `ownStem`. */
function otherClaims(directory: string, ownStem: string): readonly Claim[] {
  return readdirSync(directory).flatMap((file): Claim[] => {
    const match = CLAIM_FILE.exec(file);
    if (match === null || file.startsWith(ownStem)) return [];
    const pid = Number(match[1]);
    if (lifeOf(pid) !== match[2]) {
      rmSync(join(directory, file), { force: true });
      return [];
    }
    return [{ pid, held: match[3] === 'held' }];
  });
}

const ownedBy = (directory: string, pid: number): BatonError =>
  new BatonError(`The embedded database in ${directory} is in use by process ${pid}.`, {
    code: 'embedded-postgres-owned',
    next: 'Stop that process first, or give this one a directory of its own with BATON_HOME.',
  });

function writeClaim(directory: string, stem: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    if (readdirSync(directory).some((file) => file.startsWith(stem))) throw ownedBy(directory, process.pid);
    writeFileSync(join(directory, `${stem}claim`), '', { flag: 'wx' });
  } catch (thrown) {
    if (thrown instanceof BatonError) throw thrown;
    throw new BatonError(`Cannot write to ${directory}, where the embedded database lives.`, {
      code: 'embedded-postgres-not-writable',
      next: 'Give this user the directory, choose another one with BATON_HOME, or set DATABASE_URL.',
      cause: thrown,
    });
  }
}

/** Claims the directory for this process. Throws `embedded-postgres-owned` when a live process, be it this one, already has it. */
export async function claimDirectory(directory: string): Promise<OwnerClaim> {
  const stem = `owner-${process.pid}-${lifeOf(process.pid)}.`;
  writeClaim(directory, stem);
  const release = (): void => {
    for (const state of ['held', 'claim']) rmSync(join(directory, stem + state), { force: true });
  };
  for (;;) {
    const others = otherClaims(directory, stem);
    const winner = others.find((other) => other.held || other.pid < process.pid);
    if (winner !== undefined) {
      release();
      throw ownedBy(directory, winner.pid);
    }
    if (others.length === 0) break;
    await sleep(20);
  }
  writeFileSync(join(directory, `${stem}held`), '');
  return { release };
}
