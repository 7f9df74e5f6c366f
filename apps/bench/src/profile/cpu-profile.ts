import { z } from 'zod';

/** What V8 writes: a tree of calls, and which of them was at work at each sample. */
export const CpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  samples: z.array(z.int()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});
export type CpuProfile = z.infer<typeof CpuProfile>;
type CallFrame = CpuProfile['nodes'][number]['callFrame'];

export interface Share {
  readonly name: string;
  /** Of the time at which the thread was not idle, 0 to 1. */
  readonly share: number;
}

export interface CpuSummary {
  /** Share of the time at which the main thread was not idle. */
  readonly busy: number;
  /** By package, and by what Node does itself; largest first. */
  readonly parts: readonly Share[];
  /** The functions with the most time of their own, largest first. */
  readonly functions: readonly Share[];
}

const SOCKET_WRITES = /^(writev|writeBuffer|write(Utf8|Latin1|Ascii|Ucs2)String|shutdown|sendmsg)$/;
const FUNCTIONS = 25;

/** Who a call belongs to: a package, a library or app of this repository, or a part of Node. */
export function ownerOf({ functionName, url }: CallFrame): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code without a name';
  if (url === '') return SOCKET_WRITES.test(functionName) ? 'socket writes' : 'native functions';
  if (url.startsWith('node:')) {
    if (/node:(net|stream|events|internal\/(streams|stream_base|net))/.test(url)) return 'node: sockets and streams';
    if (/timers|task_queues|async_hooks|async_context|promise/.test(url)) return 'node: timers and ticks';
    return 'node: other';
  }
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url);
  if (dependency?.[1] !== undefined) return dependency[1];
  const own = /\/((?:libs|apps)\/[^/]+)\//.exec(url);
  return own?.[1] ?? 'other';
}

const placeOf = ({ functionName, url, lineNumber }: CallFrame): string => {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  const path = url
    .replace(/^file:\/\//, '')
    .replace(/.*\/node_modules\//, '')
    .replace(/.*\/((?:libs|apps)\/)/, '$1');
  return `${name} ${path}:${lineNumber + 1}`;
};

/** Where the main thread's own time went. */
export function summarise({ nodes, samples, timeDeltas }: CpuProfile): CpuSummary {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byOwner = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let all = 0;
  let idle = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    // The time until the next sample is that of this one; the first delta is before all of them.
    const took = timeDeltas[index + 1] ?? 0;
    if (frame === undefined || took <= 0) continue;
    all += took;
    if (frame.functionName === '(idle)') idle += took;
    else {
      add(byOwner, ownerOf(frame), took);
      add(byFunction, placeOf(frame), took);
    }
  }
  const busy = all - idle;
  const shares = (sums: ReadonlyMap<string, number>): readonly Share[] =>
    [...sums].map(([name, sum]) => ({ name, share: sum / busy })).toSorted((a, b) => b.share - a.share);
  return {
    busy: all === 0 ? 0 : busy / all,
    parts: shares(byOwner),
    functions: shares(byFunction).slice(0, FUNCTIONS),
  };
}

const add = (sums: Map<string, number>, name: string, value: number): void =>
  void sums.set(name, (sums.get(name) ?? 0) + value);
