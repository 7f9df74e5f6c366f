import { assertNever, type JsonObject, PROTOCOL_VERSION, workerQueue } from '@baton/contracts';
import { runIdOf } from './command-ordinal.js';
import type { Effect } from './commands.js';
import type { RunEvent, RunEventOf } from './events.js';
import { workerKindOf } from './resource.js';
import type { RunState } from './state.js';

/**
 * What has to happen outside the log because of an event. This is the one place that says so: a command that got lost
 * is found again by asking for the effects of its event.
 *
 * The message of a task fits the `Task` of the contracts once the sender has put `dispatchNo` in; arguments of any size
 * stand in it, and the sender moves them out where they are large.
 * @param state the state after the event
 */
export function react(event: RunEvent, state: RunState): Effect[] {
  switch (event.type) {
    case 'TaskScheduled':
      return issueTask(event.data, state);
    case 'TimerScheduled': {
      const { commandId, dueAt } = event.data;
      const timer = { queue: null, name: 'timer', message: {}, priority: 0, notBefore: null, deadline: dueAt };
      return [{ type: 'issue', commandId, ...timer }];
    }
    case 'TaskSucceeded':
    case 'TaskFailed':
    case 'TaskTimedOut':
    case 'CommandCancelled':
    case 'TimerFired':
      return [{ type: 'consume', commandId: event.data.commandId }];
    case 'RunStarted':
    case 'FrameStarted':
    case 'StateEntered':
    case 'MapStarted':
    case 'StateRetried':
    case 'StateExited':
    case 'ErrorCaught':
    case 'StateFailed':
    case 'FrameEnded':
    case 'FrameAborted':
    case 'DecisionMade':
    case 'RunSucceeded':
    case 'RunFailed':
    case 'RunCancelled':
      return [];
    default:
      return assertNever(event);
  }
}

function issueTask(data: RunEventOf<'TaskScheduled'>['data'], state: RunState): Effect[] {
  const kind = workerKindOf(data.resource);
  const visit = state.status === 'new' ? undefined : state.visits.get(data.visit);
  // A task of a kind that is not dispatched, or an event that did not fit the state: nothing is sent.
  if (state.status === 'new' || visit === undefined || kind === null) return [];
  const { commandId, notBefore, deadline, heartbeatSeconds } = data;
  const message: JsonObject = {
    v: PROTOCOL_VERSION,
    id: `c-${commandId}`,
    runId: runIdOf(commandId),
    commandId,
    step: state.document.steps?.[visit.state]?.number ?? 0,
    ...(deadline === null ? {} : { deadline }),
    kind,
    state: visit.state,
    attempt: data.attempt,
    arguments: data.arguments,
    ...(heartbeatSeconds === null ? {} : { heartbeatSeconds }),
  };
  const { priority } = state;
  return [{ type: 'issue', commandId, queue: workerQueue(kind), name: 'task', message, priority, notBefore, deadline }];
}
