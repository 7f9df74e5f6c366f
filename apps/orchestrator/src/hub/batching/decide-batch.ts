import type { Absent } from './absent.js';
import { tooManyAbsent } from './batch-errors.js';
import type { BatcherPorts } from './batcher-ports.js';
import type { Decided, DecidedRun, Waiting } from './decide-messages.js';
import { decideRun } from './decide-run.js';
import type { RunCache } from './run-cache.js';

/**
 * Runs that may be absent at once. Each holds a place among the messages that a queue hands out: whoever submits a thousand
 * runs that take their time must not have them all, so the next ones come again later.
 */
const MOST_ABSENT = 16;
/**
 * How long a batch waits for one of them, where no more may be absent. What needs a thread is over in a millisecond or two,
 * mostly: then the others need not come again later.
 */
const PATIENCE_MS = 25;
/**
 * A batch takes no more messages, of the same run or of another, once it has decided for so long. Deciding does not yield:
 * without this bound two hundred costly messages would keep the process from renewing its lease and the locks of its messages.
 */
const MAX_DECIDING_MS = 200;

export interface DecidingBatchPorts extends BatcherPorts {
  readonly cache: RunCache;
  readonly absent: Absent<Decided>;
  /** These are to be decided later, before what waits. */
  readonly again: (members: readonly Waiting[]) => void;
  /** A run that was absent is back. */
  readonly onBack: () => void;
}

/** Decides what was taken, run by run, for as long as there is time: the rest waits again. */
export async function decideBatch(taken: readonly Waiting[], ports: DecidingBatchPorts): Promise<readonly Decided[]> {
  const { monotonicMs, absent } = ports;
  const beganMs = monotonicMs();
  const isLate = (): boolean => monotonicMs() - beganMs >= MAX_DECIDING_MS;
  const all: Decided[] = [];
  const untouched: Waiting[] = [];
  const cutOff: Waiting[] = [];
  let isOver = false;
  const patience = { leftMs: PATIENCE_MS, monotonicMs };
  for (const [runId, members] of Map.groupBy(taken, (waiting) => waiting.message.runId)) {
    // Those that are back are written first, where there is no room for more.
    isOver ||= !(await absent.hasRoom(MOST_ABSENT, patience)) && absent.someAreBack;
    if (isOver) {
      untouched.push(...members);
      continue;
    }
    const found = await orAbsent(runId, members, isLate, ports);
    if (found !== null) {
      if (found.decided !== null) all.push(found.decided);
      cutOff.push(...found.later);
    }
    isOver = isLate();
  }
  // A run with many messages goes behind the others, or it would have every batch to itself.
  ports.again([...untouched, ...cutOff]);
  // Timers and sockets get their turn, too.
  if (isOver) await new Promise(setImmediate);
  return all;
}

/** What was decided for a run, or null where that takes time: then it comes back by itself. */
async function orAbsent(
  runId: string,
  members: readonly Waiting[],
  isLate: () => boolean,
  ports: DecidingBatchPorts,
): Promise<DecidedRun | null> {
  const { absent, again } = ports;
  let leave = (): void => {};
  const left = new Promise<null>((resolve) => {
    leave = () => {
      if (!absent.has(runId) && absent.away >= MOST_ABSENT) throw tooManyAbsent();
      resolve(null);
    };
  });
  const withEvaluator = { ...ports, evaluator: ports.evaluatorFor?.(leave) };
  const deciding = decideRun({ runId, members, isLate, ports: withEvaluator }, ports);
  const found = await Promise.race([deciding, left]);
  if (found !== null) return found;
  const result = deciding.then(({ decided, later }) => {
    again(later);
    return decided;
  });
  absent.wait(runId, result, ports.onBack);
  return null;
}
