import type { RunEvent } from '../events/run-event.js';
import type { ReplayDifference } from './difference.js';
import type { RecordedFact } from './recorded-fact.js';
import { isRecorded, shown, shownFact, whatDiffers } from './same-event.js';

/** The first event of the two sides that is not the same. */
export function compare(
  decided: readonly RunEvent[],
  facts: readonly RecordedFact[],
  next: RecordedFact | undefined,
): ReplayDifference | null {
  const [first] = facts;
  if (decided.length === 0) {
    const recorded = first === undefined ? null : shownFact(first);
    return { ...at(first, 'nothing follows from the order that it would have come from'), recorded };
  }
  for (const [index, event] of decided.entries()) {
    const fact = facts[index];
    if (fact === undefined) return missing(event, facts, next);
    if (isRecorded(event, fact)) continue;
    const [mine, its] = [shown(event, fact), shownFact(fact)];
    return { ...at(fact, whatDiffers(mine, its)), recorded: its, decided: mine };
  }
  return null;
}

/** The log ends before what is decided does, or goes on with something else. */
function missing(event: RunEvent, facts: readonly RecordedFact[], next: RecordedFact | undefined): ReplayDifference {
  const decided = shown(event, undefined);
  if (next !== undefined) {
    const problem = `a ${event.type} is decided, and the log goes on with what came of another order`;
    return { ...at(next, problem), recorded: shownFact(next), decided };
  }
  const version = (facts.at(-1)?.version ?? 0) + 1;
  return { ...at(undefined, `a ${event.type} is decided, and the log has no more events`), version, decided };
}

/** No order has such an event in front. */
export const nothingLeadsTo = (fact: RecordedFact, { type }: RunEvent): ReplayDifference => ({
  ...at(fact, `nothing that the run could be told at this point leads to a ${type}`),
  recorded: shownFact(fact),
});

/** A difference that is told by its sentence alone. */
export const at = (fact: RecordedFact | undefined, problem: string): ReplayDifference => ({
  version: fact?.version ?? 0,
  position: fact?.position ?? null,
  problem,
  recorded: null,
  decided: null,
});
