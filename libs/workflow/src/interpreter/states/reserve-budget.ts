import type { TaskBudget } from '@baton/contracts';
import { admit, type Level, levelsToWarn, shownLevel } from '../../budgets/admission.js';
import type { VisitState } from '../../state/run-state.js';
import { askPerson } from '../decisions/decide-point.js';
import { proposeMoreBudget } from '../decisions/propose.js';
import { questionOf } from '../decisions/record-decision.js';
import { emit, type Turn } from '../turn/turn.js';

/**
 * What a task may spend; null where the run has no limits. `none`: there is nothing for it now, and the visit waits for
 * what others give back, or for a person.
 */
export function reserveBudget(turn: Turn, visit: VisitState): TaskBudget | null | 'none' {
  warnOfBudget(turn);
  const share = turn.run.document.steps?.[visit.state]?.budget;
  const admission = admit(turn.run, share, turn.nowMs);
  switch (admission.type) {
    case 'admitted':
      return admission.budget;
    case 'wait':
      emit(turn, { type: 'BudgetAwaited', data: { visit: visit.visit } });
      return 'none';
    case 'exhausted': {
      const { isUnknown } = admission;
      const unknown = isUnknown === undefined ? {} : { isUnknown };
      emit(turn, { type: 'BudgetExhausted', data: { ...shownLevel(admission), ...unknown } });
      const proposal = proposeMoreBudget(turn, visit, sentenceOf(admission));
      askPerson(turn, visit, questionOf(turn, proposal, 'person'), `The budget is used up before ${visit.state}`);
      return 'none';
    }
    default:
      return admission satisfies never;
  }
}

function sentenceOf(level: Level): string {
  const { kind, used, limit } = shownLevel(level);
  if (level.isUnknown === true) return 'a model without a price was used: nobody knows what is left of the money';
  switch (kind) {
    case 'usd':
      return `$${used.toFixed(2)} of $${limit.toFixed(2)} are spent`;
    case 'tokens':
      return `${used} of ${limit} tokens are used`;
    case 'wallClock':
      return `the run has taken ${Math.round(used)} of ${limit} seconds`;
    default:
      return kind satisfies never;
  }
}

/** Says once, for each limit, that four fifths of it are used. */
export function warnOfBudget(turn: Turn): void {
  for (const level of levelsToWarn(turn.run, turn.nowMs)) {
    emit(turn, { type: 'BudgetWarned', data: shownLevel(level) });
  }
}

/** What a task gave back may be enough for states that wait for it: the oldest first, in whatever order they are kept. */
export function wakeBudgetWaiters(turn: Turn): void {
  const waiting = [...turn.run.visits.values()].filter(({ pending }) => pending?.type === 'budget');
  turn.toAdvance.push(...waiting.map(({ visit }) => visit).sort((a, b) => a - b));
}
