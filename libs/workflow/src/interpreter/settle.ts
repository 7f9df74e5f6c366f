import { ErrorName } from '@baton/asl';
import { assertNever, BatonErrorName, type CommandId, type RequestId, type TaskFacts } from '@baton/contracts';
import { isLast, refusalOf } from '../approvals/approval.js';
import { hasTaskToken, parseResource, type Resource } from '../document/resource.js';
import type { RunEvent } from '../events/run-event.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { nextWake } from '../state/next-wake.js';
import type { CommandState, StartedRun } from '../state/run-state.js';
import { misfitOf } from './answer-to-question.js';
import { isTooLarge } from './data/paths.js';
import { isTimeUp } from './remind.js';
import { type Turn, visitOf } from './turn/turn.js';

/** How an open command can end. */
export type Settling = Extract<
  RunOrder,
  { type: 'CompleteTask' | 'FailTask' | 'ExpireCommand' | 'LeaveUnadvised' | 'DecideApproval' }
>;

/** Resources whose end is told by the hub itself. */
const BY_HUB: ReadonlySet<Resource['type']> = new Set(['workflow', 'lineage', 'publish']);

/** Whether an open command can end this way, now, by the word of whoever says so. */
export function fits(order: Settling, open: CommandState, run: StartedRun, { nowMs, actor }: OrderMeta): boolean {
  const asked = open.resource === null ? null : parseResource(open.resource);
  const isQuestion = open.kind === 'advice';
  switch (order.type) {
    case 'ExpireCommand':
      // Nothing expires before its time. When a heartbeat was due only the hub's store knows.
      if (order.isSilent === true) return open.heartbeatSeconds !== null;
      return isTimeUp({ deadline: nextWake(open) }, nowMs);
    case 'CompleteTask':
    case 'FailTask':
      // No worker can answer for a person, none for a run, a lineage or a publication: those the hub tells itself.
      if (asked?.type === 'worker')
        return order.byToken === undefined ? open.isSubmitted !== true : isForToken(run, open);
      return order.byToken === undefined && asked !== null && BY_HUB.has(asked.type) && actor.type === 'system';
    case 'LeaveUnadvised':
      // Where a mode asks for advice by name, an advisor that is away for a moment is waited for.
      return isQuestion && run.decisionMode === 'auto';
    case 'DecideApproval':
      return (
        !isQuestion &&
        asked?.type === 'approval' &&
        (order.sha256 === undefined || order.sha256 === open.sha256) &&
        misfitOf(run.visits.get(open.visit), order) === null &&
        refusalOf(open.approval, run.submittedBy, { by: actor, roles: order.roles ?? [] }) === null
      );
    default:
      return assertNever(order);
  }
}

/** Whether a task ends with an answer by its token. What a person did by hand is looked at by a worker, and needs none. */
function isForToken(run: StartedRun, { kind, resource, visit }: CommandState): boolean {
  return kind === 'task' && hasTaskToken(resource) && (run.visits.get(visit)?.handIn?.given ?? null) === null;
}

/** The event that ends an open command. What follows from it is decided on the state it gives. */
export function factOf(turn: Turn, order: Settling, open: CommandState): RunEvent {
  const { visit, commandId } = open;
  if (open.kind === 'advice' || order.type === 'LeaveUnadvised') {
    return adviceFact(order, { visit, commandId, decisionId: visitOf(turn, visit).question?.decisionId ?? '' });
  }
  switch (order.type) {
    case 'CompleteTask': {
      const { output } = order;
      const facts = factsOf(order);
      if (order.byToken === undefined && isForToken(turn.run, open)) {
        return { type: 'TaskSubmitted', data: { visit, commandId, ...facts } };
      }
      const by = byToken(order);
      if (!isTooLarge(turn, output))
        return { type: 'TaskSucceeded', data: { visit, commandId, output, ...by, ...facts } };
      const error = ErrorName.dataLimitExceeded;
      const cause = `The state/task '${open.resource}' returned a result with a size exceeding the maximum number of bytes service limit.`;
      return { type: 'TaskFailed', data: { visit, commandId, error, cause, retryable: false, ...by, ...facts } };
    }
    case 'FailTask': {
      const { error, cause, retryable, asks } = order;
      if (asks !== undefined && open.questions > 0) {
        return { type: 'TaskAsked', data: { visit, commandId, asks, ...factsOf(order) } };
      }
      const data = { visit, commandId, error, cause, retryable, ...byToken(order), ...factsOf(order) };
      return { type: 'TaskFailed', data };
    }
    case 'ExpireCommand': {
      if (open.kind === 'timer') return { type: 'TimerFired', data: { visit, commandId } };
      return { type: 'TaskTimedOut', data: { visit, commandId, ...timeout(turn, open, order.isSilent === true) } };
    }
    case 'DecideApproval':
      return answerFact(turn, order, open);
    default:
      return assertNever(order);
  }
}

/** One of several approvals that are needed is counted; every other answer decides. */
function answerFact(
  { actor: by }: Turn,
  { decision, comment, requestId, move, output, workspace, roles = [] }: Extract<Settling, { type: 'DecideApproval' }>,
  { visit, commandId, approval }: CommandState,
): RunEvent {
  const vouched = roles.length === 0 ? {} : { roles: [...roles] };
  const data = { visit, commandId, comment, by, requestId, ...vouched };
  if (decision === 'approve' && !isLast(approval)) return { type: 'ApprovalCounted', data };
  const isOfSeveral = decision === 'approve' && approval !== null && approval.given.length > 0;
  const all = isOfSeveral ? { approvals: [...approval.given, { by, comment }] } : {};
  const chosen = move === undefined ? {} : { move };
  const handedIn = {
    ...(output === undefined ? {} : { output }),
    ...(workspace === undefined ? {} : { workspace }),
  };
  return { type: 'ApprovalDecided', data: { ...data, decision, ...chosen, ...handedIn, ...all } };
}

/** What became of a question to an advisor. */
export function adviceFact(
  order: Settling,
  asked: { readonly visit: number; readonly commandId: CommandId; readonly decisionId: string },
): RunEvent {
  switch (order.type) {
    case 'CompleteTask':
      return { type: 'AdviceGiven', data: { ...asked, output: order.output, ...factsOf(order) } };
    case 'FailTask': {
      const { error, cause } = order;
      return { type: 'AdviceFailed', data: { ...asked, error, cause, ...factsOf(order) } };
    }
    case 'LeaveUnadvised':
      return {
        type: 'AdviceFailed',
        data: { ...asked, error: BatonErrorName.noAdvisor, cause: 'No advisor is at work.' },
      };
    case 'ExpireCommand':
    case 'DecideApproval':
      return { type: 'AdviceFailed', data: { ...asked, error: ErrorName.timeout, cause: 'It came too late.' } };
    default:
      return assertNever(order);
  }
}

function timeout(turn: Turn, open: CommandState, isSilent: boolean): { error: string; cause: string } {
  const { state } = visitOf(turn, open.visit);
  if (!isSilent) {
    const cause = `The task of the state '${state}' did not answer in time (attempt ${open.attempt}).`;
    return { error: ErrorName.timeout, cause };
  }
  const cause = `The task of the state '${state}' sent no heartbeat for ${open.heartbeatSeconds} seconds (attempt ${open.attempt}).`;
  return { error: ErrorName.heartbeatTimeout, cause };
}

const byToken = ({ byToken: requestId }: { readonly byToken?: RequestId | undefined }): { requestId?: RequestId } =>
  requestId === undefined ? {} : { requestId };

/** Usage, model, request ids, template, journal, knowledge and cache, as far as the worker told them. */
const factsOf = ({
  usage,
  model,
  requestIds,
  template,
  journal,
  journaled,
  knowledge,
  cachedFrom,
}: TaskFacts): TaskFacts => ({
  ...(usage === undefined ? {} : { usage }),
  ...(model === undefined ? {} : { model }),
  ...(requestIds === undefined ? {} : { requestIds }),
  ...(template === undefined ? {} : { template }),
  ...(journal === undefined ? {} : { journal }),
  ...(journaled === undefined ? {} : { journaled }),
  ...(knowledge === undefined ? {} : { knowledge }),
  ...(cachedFrom === undefined ? {} : { cachedFrom }),
});
