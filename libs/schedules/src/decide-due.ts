import type { CatchUp, Firing, Overlap } from '@baton/contracts';

/** What is later than this had nobody there for it. */
const LATE_AFTER_MS = 60_000;
/** So many due times are looked at in one go, which is more than are ever caught up with. */
export const MOST_AT_ONCE = 500;

/** Due times whose time has come, and what decides what becomes of them. Milliseconds since the epoch. */
export interface DueNow {
  readonly nowMs: number;
  /** Ascending, all of them undecided. */
  readonly dues: readonly number[];
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

/** Which are to be started; the missed ones come before them. What is behind both stays undecided. */
function caughtUp({ nowMs, dues, hasMore, catchUp }: DueNow): {
  readonly missed: readonly number[];
  readonly starting: readonly number[];
} {
  const isCovered = (due: number): boolean => nowMs - due <= catchUp.withinSeconds * 1_000;
  if (catchUp.policy === 'all') {
    // Among the newest may be the last of these, as long as more stand behind them.
    const newest = dues.slice(-catchUp.most);
    if (hasMore) return { missed: dues.slice(0, -catchUp.most), starting: [] };
    const starting = newest.filter(isCovered);
    return { missed: dues.slice(0, dues.length - starting.length), starting };
  }
  const last = dues.at(-1);
  if (last === undefined || hasMore) return { missed: dues, starting: [] };
  const isOnTime = nowMs - last <= LATE_AFTER_MS;
  const isStarted = isOnTime || (catchUp.policy === 'last' && isCovered(last));
  return isStarted ? { missed: dues.slice(0, -1), starting: [last] } : { missed: dues, starting: [] };
}
