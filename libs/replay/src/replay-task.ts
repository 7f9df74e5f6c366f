import type { ReplayedEngine, ReplayFault } from '@baton/contracts';

/** What a thread is asked to replay. Everything in it crosses to the thread as it is. */
export interface ReplayTask {
  readonly url: string;
  /** The first run, by its id. */
  readonly from: string;
  /** The run behind the last one; null where there is none. */
  readonly before: string | null;
  /** Events up to there; what comes later is left out. */
  readonly toPosition: number;
  /** Events done by all threads, as they go. */
  readonly done: BigInt64Array;
}

/** What came of it. */
export interface ReplayOutcome {
  readonly runs: number;
  readonly events: number;
  readonly engines: readonly ReplayedEngine[];
  /** Where it stopped; null where it came to its end. */
  readonly fault: ReplayFault | null;
}

export const NOTHING: ReplayOutcome = { runs: 0, events: 0, engines: [], fault: null };

/** What came of two parts. Of two faults, the one that stands first in the log. */
export function together(one: ReplayOutcome, other: ReplayOutcome): ReplayOutcome {
  const engines = new Map(one.engines.map((each) => [each.engine, each]));
  for (const each of other.engines) {
    const known = engines.get(each.engine);
    engines.set(each.engine, known === undefined ? each : summed(known, each));
  }
  return {
    runs: one.runs + other.runs,
    events: one.events + other.events,
    engines: [...engines.values()].sort((a, b) => (a.engine ?? 0) - (b.engine ?? 0)),
    fault: firstOf(one.fault, other.fault),
  };
}

const summed = (one: ReplayedEngine, other: ReplayedEngine): ReplayedEngine => ({
  engine: one.engine,
  orders: one.orders + other.orders,
  events: one.events + other.events,
  otherwise: one.otherwise + other.otherwise,
  example: firstOf(one.example, other.example),
  firstPosition: Math.min(one.firstPosition, other.firstPosition),
  lastPosition: Math.max(one.lastPosition, other.lastPosition),
});

function firstOf(one: ReplayFault | null, other: ReplayFault | null): ReplayFault | null {
  if (one === null || other === null) return one ?? other;
  return (other.position ?? Number.POSITIVE_INFINITY) < (one.position ?? Number.POSITIVE_INFINITY) ? other : one;
}
