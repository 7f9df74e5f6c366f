import type { Worker } from 'node:worker_threads';
import { BatonError, toError } from '@baton/contracts';
import { Piscina } from 'piscina';

/** What a call may take until it is stopped. */
interface CallLimits {
  /** Milliseconds in which its thread computes. Time in which it waits, for a thread or for its turn on a busy machine, does not count, up to twenty times as long. */
  readonly timeMs: number;
}

export interface StoppableOptions {
  /** The file (URL) of the module whose default export is what runs, compiled: a thread knows no TypeScript. */
  readonly entry: string;
  /** Calls that may run at once. */
  readonly threads: number;
  /** What a thread may hold. */
  readonly memoryMb: number;
  readonly monotonicMs: () => number;
}

/** What the module gets. */
export interface ThreadCall {
  readonly name: string;
  readonly parts: readonly string[];
  /** Set to the id of its thread once the call has begun. */
  readonly begun: Int32Array;
}

/** A call was ended before it had an answer. */
export class CallStopped extends BatonError {
  constructor(
    readonly limit: 'time' | 'memory',
    message: string,
  ) {
    super(message, { code: 'call-stopped', next: 'Give it less to do, or more time.' });
  }
}

/** Functions of a module that run beside the event loop, where they can be ended at any point. */
export interface Stoppable {
  /**
   * Calls a function with texts; what it answers is a text, too: a thread shares no values, and texts cross cheaply.
   *
   * @throws CallStopped when it took too long or held too much; what the function throws, as an Error with its message
   */
  call(name: string, parts: readonly string[], limits: CallLimits): Promise<string>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 25;
/** Who waits for something that does not come computes nothing. So many times as long by the clock, and it is ended, too. */
const MOST_TIMES = 20;
/** A thread that nobody needs is ended: most processes never meet what needs one. */
const IDLE_MS = 60_000;

export function openStoppable(options: StoppableOptions): Stoppable {
  const { entry, threads, memoryMb } = options;
  const pool = new Piscina<ThreadCall, string>({
    filename: entry,
    minThreads: 0,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    idleTimeout: IDLE_MS,
    // A thread that waits by Atomics cannot do anything else, timers included.
    atomics: 'disabled',
    recordTiming: false,
    // Neither the secrets of the process nor the flags it was started with are any business of what runs here.
    env: {},
    execArgv: [],
    resourceLimits: {
      maxOldGenerationSizeMb: Math.ceil(memoryMb * 0.8),
      maxYoungGenerationSizeMb: Math.ceil(memoryMb * 0.1),
      codeRangeSizeMb: 16,
      stackSizeMb: 4,
    },
  });
  // A thread may run out of memory while it is ended over its time: the call has its answer, the pool has let the thread go,
  // and what it says of it here would end this process if nobody listened.
  pool.on('error', () => {});
  const inLine = lineFor(threads);
  return {
    call: (name, parts, limits) => inLine(() => callOn(pool, { name, parts, begun: newFlag() }, limits, options)),
    close: () => pool.destroy(),
  };
}

/**
 * Lets so many through at once, in the order in which they came. The pool has a line of its own, in which those who wait
 * for a thread that was ended wait for ever.
 */
function lineFor(most: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (act) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await act();
    } finally {
      // Whoever is next takes the place, or gives it back.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

const newFlag = (): Int32Array => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

async function callOn(
  pool: Piscina<ThreadCall, string>,
  call: ThreadCall,
  { timeMs }: CallLimits,
  { monotonicMs, memoryMb }: StoppableOptions,
): Promise<string> {
  const stop = new AbortController();
  // A call that has not begun waits for a thread: that is not its own time.
  let begunAtMs: number | null = null;
  let usedBeforeMs: number | null = null;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const threadId = Atomics.load(call.begun, 0);
    if (threadId === 0) return;
    // Not behind what the thread is asked: where it calls something that lets nothing in, it does not answer.
    const atMs = monotonicMs();
    begunAtMs ??= atMs;
    if (atMs - begunAtMs >= MOST_TIMES * timeMs) return stop.abort();
    if (isLooking) return;
    isLooking = true;
    const usedMs = await computedMs(pool.threads.find((thread) => thread.threadId === threadId));
    isLooking = false;
    usedBeforeMs ??= usedMs;
    if (usedMs - usedBeforeMs >= timeMs) stop.abort();
  };
  const clock = setInterval(() => void look(), LOOK_EVERY_MS);
  try {
    return await pool.run(call, { signal: stop.signal });
  } catch (thrown) {
    if (stop.signal.aborted) throw new CallStopped('time', `took longer than ${timeMs} ms`);
    const error = toError(thrown);
    if (isOutOfMemory(error)) throw new CallStopped('memory', `needed more than ${memoryMb} MB of memory`);
    throw error;
  } finally {
    clearInterval(clock);
  }
}

/** What a thread has computed in its life; 0 where it is gone, and with it the call. A thread that does not rest answers, too, between what it calls. */
async function computedMs(thread: Worker | undefined): Promise<number> {
  if (thread === undefined) return 0;
  try {
    const { user, system } = await thread.cpuUsage();
    return (user + system) / 1_000;
  } catch {
    // It has ended meanwhile, or this Node cannot say: then the clock alone ends the call.
    return 0;
  }
}

const isOutOfMemory = (error: Error): boolean => 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
