import type { RecordedDecision } from '@baton/read-model';
import type { DecisionRecord } from '@baton/workflow';

/** What the rule would have done, and what who was heard beside it. */
export interface Heard {
  readonly by: 'advisor' | 'person' | 'shadow';
  readonly rule: string;
  /** The move that was advised or decided. */
  readonly said: string;
  readonly isOverruled: boolean;
}

/**
 * Who was heard at a decision beside the rule; null where nobody was. Advice that could not be followed is no word on the rule: it
 * named no legal move, or there was none.
 */
export function heardAt({ record, shadowMove }: RecordedDecision): Heard | null {
  const { source, programmaticAlternative, confidence } = record;
  const move = moveOf(record);
  if (source === 'human') return heard('person', programmaticAlternative ?? move, move);
  if (source === 'llm_override') return heard('advisor', programmaticAlternative ?? move, move);
  if (source !== 'programmatic') return null;
  if (confidence !== null) return heard('advisor', move, move);
  return shadowMove === null ? null : heard('shadow', move, ofOneCatcher(shadowMove));
}

/** What the rule would have done, whoever was heard beside it; null where it had no say. */
export function ruleAt({ record }: RecordedDecision): string | null {
  const { source, programmaticAlternative } = record;
  if (source === 'human' || source === 'llm_override') {
    return programmaticAlternative === null ? null : ofOneCatcher(programmaticAlternative);
  }
  return ofOneCatcher(moveOf(record));
}

const heard = (by: Heard['by'], ofRule: string, said: string): Heard => {
  const rule = ofOneCatcher(ofRule);
  return { by, rule, said, isOverruled: rule !== said };
};

/** The id of the move that a record is of, as far as it says: not which catcher it was. */
function moveOf({ point, actionType, target, recoveryStrategy }: DecisionRecord): string {
  if (recoveryStrategy !== null) return `retry:${recoveryStrategy}`;
  if (target !== null) return point.kind === 'task-failed' ? 'catch' : `go:${target}`;
  return actionType === 'request_human' ? 'human' : 'fail';
}

const ofOneCatcher = (id: string): string => (id === 'raise' || id.startsWith('catch:') ? 'catch' : id);
