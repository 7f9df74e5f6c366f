import { type Expectation, microUsdOf, RunMeasure } from '@baton/contracts';
import { bytesOfInput, type FullOutcome, sizeClassOf, type Usual } from '@baton/foresight';
import type { RunEventOf } from '@baton/workflow';
import { z } from 'zod';
import type { FoldedEvent } from './decision-store.js';
import type { Kind } from './histories.js';

/** A run, as it is compared with others. */
export interface Tracked {
  readonly runId: string;
  readonly kind: Kind;
  readonly beganPosition: number;
  readonly expected: Expectation;
  readonly usual: Usual;
  readonly errors: number;
  readonly disagreements: number;
  readonly ended: { readonly position: number; readonly isCounted: boolean; readonly outcome: FullOutcome } | null;
}

export const StoredUsual: z.ZodType<Usual> = z.partialRecord(
  RunMeasure,
  z.object({
    ...{ sampleSize: z.int(), median: z.number(), centre: z.number(), spread: z.number() },
    ...{ low: z.number(), high: z.number() },
  }),
);

/** What runs are compared by. */
export const kindOf = ({ workflow, input }: RunEventOf<'RunStarted'>['data']): Kind => ({
  workflow: workflow.name,
  version: workflow.version,
  sizeClass: sizeClassOf(bytesOfInput(input)),
});

/** Whether an event says anything of what is compared. */
export function isAbout({ event }: FoldedEvent): boolean {
  switch (event.type) {
    case 'RunStarted':
    case 'RunSucceeded':
    case 'RunFailed':
    case 'RunCancelled':
    case 'TaskFailed':
    case 'TaskTimedOut':
      return true;
    case 'DecisionMade':
      return disagreementsIn(event) > 0;
    default:
      return false;
  }
}

/** Judges that passed what a tool failed, or failed what every tool passed. */
export function disagreementsIn({ data: { decision } }: RunEventOf<'DecisionMade'>): number {
  const { failingTools = null, judges = [] } = decision.facts ?? {};
  if (failingTools === null) return 0;
  return judges.filter(({ passes }) => passes !== (failingTools.length === 0)).length;
}

/** How a run came out that has just ended. */
export function outcomeOf({ facts }: FoldedEvent, { errors, disagreements }: Tracked): FullOutcome {
  const { startedAt, endedAt, status, usage, rounds, scores } = facts;
  const last = Object.values(scores.at(-1)?.scores ?? {});
  return {
    // The hub's clock may have been set back meanwhile.
    durationMs: Math.max(0, Date.parse(endedAt ?? startedAt) - Date.parse(startedAt)),
    costMicroUsd: usage.costUsd === null ? null : microUsdOf(usage.costUsd, 'up'),
    isSuccess: status === 'succeeded',
    rounds: Object.values(rounds).reduce((sum, count) => sum + count, 0),
    score: last.length === 0 ? null : Math.min(...last),
    errors,
    disagreements,
  };
}
