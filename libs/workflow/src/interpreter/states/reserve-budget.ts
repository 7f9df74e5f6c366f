import type { TaskBudget } from '@baton/contracts';
import { type Admission, admit, type Level, levelsToWarn, shownLevel } from '../../budgets/admission.js';
import type { RunEventOf } from '../../events/run-event.js';
import { itemCount, type MapProgress } from '../../state/map-progress.js';
import type { VisitState } from '../../state/run-state.js';
import { firstInLine } from '../../state/waiting-line.js';
import { askPerson } from '../decisions/decide-point.js';
import { proposeMoreBudget } from '../decisions/propose.js';
import { questionOf } from '../decisions/record-decision.js';
import { definitionOf, emit, type Turn } from '../turn/turn.js';

/** What a task that is tried again must not forget while it waits for budget. */
export type HowAgain = Omit<RunEventOf<'BudgetAwaited'>['data'], 'visit' | 'isDecided'>;

/**
 * What a task may spend; null where the run has no limits. `none`: there is nothing for it now, and the visit waits for
 * what others give back, or for a person. What is left goes to whose state was entered first: whoever comes while one
 * waits that came before waits, too, also where there would be enough for it. So a large share is not overtaken for ever
 * by small ones.
 */
export function reserveBudget(turn: Turn, visit: VisitState, howAgain: HowAgain): TaskBudget | null | 'none' {
  warnOfBudget(turn);
  const admission = admissionOf(turn, visit);
  switch (admission.type) {
    case 'admitted':
      return isBehind(turn, visit) ? awaitBudget(turn, visit, howAgain) : admission.budget;
    case 'wait':
      return awaitBudget(turn, visit, howAgain);
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

/** The visit that waits for budget and need not any more; null where none waits, or the first has to wait on. */
export function nextInLine(turn: Turn): number | null {
  const first = firstInLine(turn.run.waiting);
  const visit = first === null ? undefined : turn.run.visits.get(first);
  if (visit === undefined || turn.run.isPaused) return null;
  return admissionOf(turn, visit).type === 'wait' ? null : first;
}

function admissionOf(turn: Turn, visit: VisitState): Admission {
  const definition = definitionOf(turn, visit);
  const resource = definition.Type === 'Task' ? definition.Resource : '';
  return admit(turn.run, { state: visit.state, resource, width: widthOf(turn.run, visit) }, turn.nowMs);
}

/** How many visits can be at work where this one is: branches and items beside it, and beside what is around it. */
function widthOf({ frames, visits }: Turn['run'], { frame }: VisitState): number {
  let width = 1;
  for (let at = frames.get(frame); at?.parent != null; ) {
    const around = visits.get(at.parent.visit);
    if (around === undefined) return width;
    width *= Math.max(1, around.map === null ? around.branches.size : itemsAtOnce(around.map));
    at = frames.get(around.frame);
  }
  return width;
}

const itemsAtOnce = (map: MapProgress): number =>
  map.maxConcurrency === 0 ? itemCount(map) : Math.min(itemCount(map), map.maxConcurrency);

function isBehind({ run }: Turn, { visit }: VisitState): boolean {
  const first = firstInLine(run.waiting);
  return first !== null && first < visit;
}

/** Said once: it waits until it is let in or given up. */
function awaitBudget(turn: Turn, { visit, pending, question }: VisitState, howAgain: HowAgain): 'none' {
  const decided = question === null ? {} : { isDecided: true as const };
  if (pending?.type !== 'budget') emit(turn, { type: 'BudgetAwaited', data: { visit, ...howAgain, ...decided } });
  return 'none';
}
