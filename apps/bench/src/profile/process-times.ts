import { readdir, readFile } from 'node:fs/promises';

/** Ticks a second of the counters of /proc: 100 wherever Linux runs Node. */
const TICKS = 100;

/** What a process has used since it began, all its threads together. */
export interface ProcessTimes {
  readonly pid: number;
  readonly cpuMs: number;
  /** Of its children that have ended. */
  readonly endedChildrenCpuMs: number;
  readonly parentPid: number;
  /** System calls that read and write, and how often it went to sleep by itself. Zero where the system does not tell. */
  readonly reads: number;
  readonly writes: number;
  readonly sleeps: number;
}

/** Null where there is no such process, or no /proc. */
export async function timesOf(pid: number): Promise<ProcessTimes | null> {
  const [stat, io, status] = await Promise.all(
    ['stat', 'io', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
  );
  return stat === undefined || stat === '' ? null : { pid, ...readStat(stat), ...readCounters(`${io}\n${status}`) };
}

/** The name of the program comes second, in brackets, and may hold anything. */
export function readStat(stat: string): Pick<ProcessTimes, 'cpuMs' | 'endedChildrenCpuMs' | 'parentPid'> {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parentPid = 0, user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = [1, 11, 12, 13, 14].map(
    (index) => fields[index],
  );
  const milliseconds = (ticks: number): number => (ticks * 1000) / TICKS;
  return {
    parentPid,
    cpuMs: milliseconds(user + system),
    endedChildrenCpuMs: milliseconds(childrenUser + childrenSystem),
  };
}

function readCounters(text: string): Pick<ProcessTimes, 'reads' | 'writes' | 'sleeps'> {
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { reads: field('syscr'), writes: field('syscw'), sleeps: field('voluntary_ctxt_switches') };
}

/** What a process and those that it started used, by process; what its children used that have ended is the parent's. */
export async function cpuOfFamily(parent: number): Promise<ReadonlyMap<number, number>> {
  const family = await familyOf(parent);
  return new Map(
    family.map(({ pid, cpuMs, endedChildrenCpuMs }) => [pid, pid === parent ? cpuMs + endedChildrenCpuMs : cpuMs]),
  );
}

async function familyOf(pid: number): Promise<readonly ProcessTimes[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(timesOf));
  return all.filter((times) => times !== null && (times.pid === pid || times.parentPid === pid)).filter(isThere);
}

const isThere = (times: ProcessTimes | null): times is ProcessTimes => times !== null;
