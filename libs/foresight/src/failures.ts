import type { Anomaly } from '@baton/contracts';
import { LEAST_HISTORY } from './anomalies.js';
import { MOST_SAMPLES } from './outcome.js';

/** What became of a run by some place in the log. */
export type Fate = 'succeeded' | 'failed' | 'cancelled' | 'open';

/**
 * How many of the newest runs are held against those before them: few see an outage at once, many see a share that doubled.
 * Each is a look of its own.
 */
const WINDOWS = [5, 10, 20, 40] as const;
const WIDEST = 40;

/** So many of the runs that began last are looked at. */
export const MOST_FATES = MOST_SAMPLES + WIDEST;

/**
 * Of runs that are of one kind and in no particular order, at most one in a thousand is taken for the beginning of something, on
 * average, however often and however long it is looked: each look is wrong with this probability at most, and expectations add up
 * also where looks depend on each other. So the first n runs of a workflow give a false alarm with a probability of n / 1,000 at most.
 */
const FALSE_ALARMS = 0.001;

/**
 * Whether runs fail more often of late, asked when one has failed.
 *
 * The newest runs are held against those that began before them by Fisher's exact test (R. A. Fisher, "The Design of Experiments",
 * 1935): if all are of one kind, each choice of so many runs is as likely to be the newest ones, so the number of failed ones among
 * them is hypergeometric, whatever share of runs fails and whether anybody knows it.
 *
 * Runs are in the order in which they *began*. In the order of their ends those that fail quickly would come first whenever many
 * begin together. So some of them may still be under way: one of the newest counts as one that will succeed or be cancelled,
 * whichever makes it likelier that all is as usual, and one before them as one that will fail. The probability is then no smaller
 * than it will be once they have ended, whatever becomes of them.
 *
 * @param fates of the runs that began since the last time that this was told, the newest last: the one that has just failed
 */
export function failuresOf(fates: readonly Fate[]): Anomaly | null {
  const counted = fates.filter((fate) => fate !== 'cancelled');
  const looks = WINDOWS.flatMap((size) => look(counted, size) ?? []);
  const [first] = looks.toSorted((one, other) => one.probability - other.probability);
  return first === undefined || first.probability > FALSE_ALARMS / WINDOWS.length ? null : first.anomaly;
}

function look(
  fates: readonly Fate[],
  size: number,
): { readonly probability: number; readonly anomaly: Anomaly } | null {
  const held = heldFrom(fates, fates.length - size);
  const { recent, before, sampleSize } = held;
  const { all, failed } = poolOf(held, size);
  let probability = 0;
  // Those of the newest that are under way may be cancelled: as many of the runs before them are then among the newest.
  for (let from = fates.length - size; from >= 0; from -= 1) {
    const wider = heldFrom(fates, from);
    if (fates.length - from - wider.recent.open > size) break;
    if (wider.sampleSize < LEAST_HISTORY) return null;
    probability = Math.max(probability, atLeast(wider.recent.failed, { ...poolOf(wider, size), drawn: size }));
  }
  if (probability === 0) return null;
  const [share, windowSize] = [failed / all, recent.failed + recent.succeeded];
  const variance = size * share * (1 - share) * ((all - size) / (all - 1));
  return {
    probability,
    anomaly: {
      ...{ measure: 'failures', direction: 'high', falseAlarmRate: FALSE_ALARMS },
      ...{ value: recent.failed / windowSize, windowSize },
      ...{ median: before.failed / sampleSize, sampleSize },
      deviations: variance === 0 ? 0 : (recent.failed - size * share) / Math.sqrt(variance),
    },
  };
}

interface Held {
  readonly recent: Readonly<Record<Fate, number>>;
  readonly before: Readonly<Record<Fate, number>>;
  /** How many of those before have ended. */
  readonly sampleSize: number;
}

function heldFrom(fates: readonly Fate[], from: number): Held {
  const before = tallyOf(fates.slice(Math.max(0, from - MOST_SAMPLES), Math.max(0, from)));
  return { recent: tallyOf(fates.slice(Math.max(0, from))), before, sampleSize: before.failed + before.succeeded };
}

/** Of how many runs so many are drawn as the newest. */
const poolOf = ({ recent, before, sampleSize }: Held, size: number) => ({
  all: size + sampleSize + before.open,
  failed: recent.failed + before.failed + before.open,
});

function tallyOf(fates: readonly Fate[]): Readonly<Record<Fate, number>> {
  const tally = { succeeded: 0, failed: 0, cancelled: 0, open: 0 };
  for (const fate of fates) tally[fate] += 1;
  return tally;
}

/** How likely so many failed ones are among those that are drawn. By products alone, which are the same on every machine. */
function atLeast(
  least: number,
  { all, failed, drawn }: { readonly all: number; readonly failed: number; readonly drawn: number },
): number {
  let ways = 0;
  for (let count = least; count <= Math.min(failed, drawn); count += 1) {
    ways += choices(failed, count) * choices(all - failed, drawn - count);
  }
  return ways / choices(all, drawn);
}

/** In how many ways so many can be chosen: less than 1e50 of 240. */
function choices(of: number, count: number): number {
  if (count > of) return 0;
  let ways = 1;
  for (let k = 1; k <= count; k += 1) ways = (ways * (of - count + k)) / k;
  return ways;
}
