import { isJsonObject, type Json, type TaskState } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import { workerKindOf } from '../../document/resource.js';
import type { RunEventOf } from '../../events/run-event.js';
import { excerptOf } from '../../excerpt.js';
import type { StartedRun, VisitState } from '../../state/run-state.js';
import { askApproval } from '../turn/ask-approval.js';
import { emit, isoTime, type Turn } from '../turn/turn.js';

/*
 * A step that a person does by hand waits for an approval that shows what a worker would have been given. What is handed in
 * goes to a worker of the same kind, which looks at it by the rules for its own answers and asks no model. What does not fit
 * comes back with the problems, and the person is asked again.
 */

/** Characters of JSON that the arguments have at most where a person reads them. */
const MOST_SHOWN = 60_000;

/** Whether a person does the work of a visit: the document says so, or the run, or a person chose it for a task that failed. */
export const isByHand = ({ document, by }: StartedRun, visit: VisitState, state: TaskState): boolean =>
  workerKindOf(state.Resource) !== null &&
  (visit.handIn !== null || document.steps?.[visit.state]?.by === 'human' || by?.[visit.state] === 'human');

/**
 * Asks a person to do the work. TimeoutSeconds and HeartbeatSeconds of the state are for workers: a person has as long as
 * the run has.
 */
export function askForWork(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  args: Json,
  notBeforeMs: number | null,
): null {
  const { problems = null } = visit.handIn ?? {};
  const title = turn.run.document.steps?.[visit.state]?.title ?? visit.state;
  const shown = excerptOf(args, MOST_SHOWN);
  const tree = treeOf(args);
  const given: Json = {
    title: problems === null ? `To be done by hand: ${title}` : `To be done again by hand: ${title}`,
    about: 'work',
    worker: workerKindOf(state.Resource),
    ...(problems === null ? {} : { problems }),
    ...(tree === null ? {} : { workspace: { tree } }),
    arguments: shown.value,
    ...(shown.isCut ? { isCut: true } : {}),
  };
  askApproval(turn, visit, given, { notBeforeMs, byHand: true });
  return null;
}

/** Has a worker look at what was handed in. It is the same try, costs nothing of the budget, and asks nobody. */
export function sendHandIn(
  turn: Turn,
  visit: VisitState,
  state: TaskState,
  data: Pick<Scheduled, 'arguments' | 'deadline' | 'heartbeatSeconds' | 'handIn'>,
  notBeforeMs: number | null,
): null {
  emit(turn, {
    type: 'TaskScheduled',
    data: {
      visit: visit.visit,
      commandId: commandIdOf(turn.runId, turn.run.nextCommand),
      resource: state.Resource,
      attempt: Math.max(1, visit.attempts),
      notBefore: notBeforeMs === null ? null : isoTime(notBeforeMs),
      ...data,
    },
  });
  return null;
}

type Scheduled = RunEventOf<'TaskScheduled'>['data'];

/** The version that the work goes on from: that of the round before, or the one that the run was given. */
function treeOf(args: Json): string | null {
  const { code, workspace } = isJsonObject(args) ? args : {};
  const made = isJsonObject(code) ? code.workspace : undefined;
  const found = isJsonObject(made) ? made.tree : isJsonObject(workspace) ? workspace.tree : undefined;
  return typeof found === 'string' ? found : null;
}
