import { readFileSync, readlinkSync } from 'node:fs';

/*
 * Who holds a lane, said so that another process of the same machine can tell whether that one is gone: then nobody has to wait
 * until its lease runs out. The same number may be of two processes at once (each container counts for itself), or of another
 * process later; so beside it stand this run of the machine, whose numbers are counted, and when the process began.
 */

const SEPARATOR = '@';

interface ProcessFacts {
  /** `R`, `S`, `T`, … `Z` is one that has ended and whose parent has not asked for it. */
  readonly state: string;
  readonly beganAt: string;
}

/** What a process knows of the machine it runs on; null where that tells nothing of the kind. */
export interface Machine {
  /** This run of the machine, and who counts processes here. */
  readonly place: string;
  /** Null where it cannot be read. */
  readonly factsOf: (pid: number) => ProcessFacts | null;
  /** False only where there is none for sure. */
  readonly mayExist: (pid: number) => boolean;
}

/** The state and the begin out of `/proc/<pid>/stat`, whose second field may hold anything, also spaces and brackets. */
export function factsIn(stat: string): ProcessFacts | null {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [state, beganAt] = [fields[0], fields[19]];
  return state === undefined || beganAt === undefined ? null : { state, beganAt };
}

export function thisMachine(): Machine | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { place: `${boot}/${readlinkSync('/proc/self/ns/pid')}`, factsOf, mayExist };
  } catch {
    return null;
  }
}

function factsOf(pid: number): ProcessFacts | null {
  try {
    return factsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** One of another user is there, too, though it may be hidden. */
function mayExist(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}

export function ownerOf(hostname: string, pid: number, machine: Machine | null): string {
  const facts = machine?.factsOf(pid) ?? null;
  const known = machine === null || facts === null ? '' : `${SEPARATOR}${machine.place}${SEPARATOR}${facts.beganAt}`;
  return `${hostname}:${pid}${known}`;
}

/** Whether the process has ended for sure. False for one of another machine, and wherever that is not known. */
export function isGone(owner: string, machine: Machine | null): boolean {
  const [name = '', place, beganAt] = owner.split(SEPARATOR);
  const pid = Number(name.slice(name.lastIndexOf(':') + 1));
  if (machine === null || place !== machine.place || beganAt === undefined || !Number.isInteger(pid)) return false;
  if (!machine.mayExist(pid)) return true;
  const facts = machine.factsOf(pid);
  return facts !== null && (facts.beganAt !== beganAt || facts.state === 'Z' || facts.state === 'X');
}
