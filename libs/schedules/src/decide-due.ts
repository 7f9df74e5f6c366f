import type { CatchUp, Firing, Overlap } from '@baton/contracts';
import type { DueTime } from './due-now.js';

/** What is later than this had nobody there for it. */
const LATE_AFTER_MS = 60_000;
/** Due times are further apart than this. Starts need not be, with their jitter: two that come in one look may both have been waited for. */
const CLOSE_MS = 10_000;
/** So many due times are looked at in one go, which is more than are ever caught up with. */
export const MOST_AT_ONCE = 500;

/** Due times whose time has come, and what decides what becomes of them. Milliseconds since the epoch. */
export interface DueNow {
  readonly nowMs: number;
  /** Ascending, as their starts are; all of them undecided. */
  readonly dues: readonly DueTime[];
  /** There are more behind them whose time has come, too. */
  readonly hasMore: boolean;
  readonly catchUp: CatchUp;
  readonly overlap: Overlap;
  /** A run of the schedule is under way. */
  readonly isBusy: boolean;
  /** One that waits for it. */
  readonly queuedMs: number | null;
}

/** What becomes of a due time, or of `count` of them from it to `untilMs`. */
export interface DecidedDue {
  readonly dueMs: number;
  readonly untilMs: number;
  readonly count: number;
  readonly outcome: Firing['outcome'];
}

export interface OfDue {
  /** In order; also the one that waited, where it starts now. */
  readonly decided: readonly DecidedDue[];
  /** The last due time that is decided with that; null: none. */
  readonly upToMs: number | null;
  readonly hasQueued: boolean;
}

/**
 * What becomes of due times. Where several have come since the last look, nobody was there for all but the last of them; for the last one,
 * too, where it is late. Those are caught up with as the policy says, and then the policy about overlaps has the word.
 */
export function decideDue(now: DueNow): OfDue {
  const { missed, starting } = caughtUp(now);
  const last = starting.at(-1) ?? missed.at(-1) ?? null;
  const [first] = missed;
  const left: DecidedDue[] =
    first === undefined
      ? []
      : [{ dueMs: first, untilMs: missed.at(-1) ?? first, count: missed.length, outcome: 'missed' }];
  let { isBusy, queuedMs } = now;
  const begun: DecidedDue[] = [];
  if (queuedMs !== null && !isBusy) {
    begun.push(single(queuedMs, 'started'));
    isBusy = true;
    queuedMs = null;
  }
  for (const dueMs of starting) {
    const outcome = overlapping(now.overlap, isBusy, queuedMs !== null);
    begun.push(single(dueMs, outcome));
    if (outcome === 'started') isBusy = true;
    if (outcome === 'queued') queuedMs = dueMs;
  }
  return { decided: [...left, ...begun], upToMs: last, hasQueued: queuedMs !== null };
}

const single = (dueMs: number, outcome: DecidedDue['outcome']): DecidedDue => ({
  dueMs,
  untilMs: dueMs,
  count: 1,
  outcome,
});

function overlapping(overlap: Overlap, isBusy: boolean, hasQueued: boolean): DecidedDue['outcome'] {
  if (overlap === 'allow' || (!isBusy && !hasQueued)) return 'started';
  return overlap === 'queue' && !hasQueued ? 'queued' : 'overlapped';
}

/**
 * Which are to be started; the missed ones come before them. What is behind both stays undecided. How late one is counts from its
 * start: its jitter is no lateness.
 */
function caughtUp({ nowMs, dues, hasMore, catchUp }: DueNow): {
  readonly missed: readonly number[];
  readonly starting: readonly number[];
} {
  const { policy, most, withinSeconds } = catchUp;
  // Among the newest may be the last of these, as long as more stand behind them.
  const looked = hasMore && policy === 'all' ? dues.slice(0, -most) : dues;
  const newest = hasMore ? 0 : policy === 'all' ? most : 1;
  const lastMs = policy === 'skip' ? LATE_AFTER_MS : Math.max(LATE_AFTER_MS, withinSeconds * 1_000);
  const from = looked.findIndex(({ startMs }, index) => {
    const lateMs = nowMs - startMs;
    return lateMs < CLOSE_MS || (index >= looked.length - newest && lateMs <= lastMs);
  });
  const all = looked.map(({ dueMs }) => dueMs);
  return from === -1 ? { missed: all, starting: [] } : { missed: all.slice(0, from), starting: all.slice(from) };
}
