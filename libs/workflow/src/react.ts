import { isJsonObject } from '@baton/asl';
import {
  actorAsJson,
  assertNever,
  type CommandId,
  type HandIn,
  type Json,
  type JsonObject,
  PROTOCOL_VERSION,
  type TaskBudget,
  tokenMark,
  workerQueue,
} from '@baton/contracts';
import { hasTaskToken, parseResource } from './document/resource.js';
import type { Effect } from './effect.js';
import type { RunEvent, RunEventOf } from './events/run-event.js';
import { continuedParts } from './folding/left-off.js';
import { runIdOf } from './ids.js';
import { nextWake } from './state/next-wake.js';
import type { RunState, StartedRun } from './state/run-state.js';

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
    case 'AdviceRequested':
      return issueAdvice(event.data, state);
    case 'TurnYielded': {
      const { commandId, dueAt } = event.data;
      return [{ type: 'issue', commandId, name: 'turn', message: {}, priority: 0, ...NOT_SENT, deadline: dueAt }];
    }
    case 'TimerScheduled': {
      const { commandId, dueAt } = event.data;
      return [{ type: 'issue', commandId, name: 'timer', message: {}, priority: 0, ...NOT_SENT, deadline: dueAt }];
    }
    case 'TaskSubmitted':
      return awaitToken(event.data.commandId, state);
    case 'TaskSucceeded':
    case 'TaskFailed':
    case 'TaskAsked':
    case 'TaskTimedOut':
    case 'AdviceGiven':
    case 'AdviceFailed':
    case 'ApprovalDecided':
    case 'CommandCancelled':
    case 'TimerFired':
    case 'TurnResumed':
      return [{ type: 'consume', commandId: event.data.commandId }];
    case 'ApprovalReminded':
    case 'ApprovalEscalated':
      return moveWake(event.data.commandId, state);
    case 'ApprovalCounted':
    case 'RunStarted':
    case 'RunForked':
    case 'RunRetried':
    case 'RunContinued':
    case 'EngineChanged':
    case 'RunPaused':
    case 'RunRated':
    case 'RunResumed':
    case 'SignalReceived':
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
    case 'BudgetWarned':
    case 'BudgetExhausted':
    case 'BudgetExtended':
    case 'BudgetAwaited':
      return [];
    case 'RunSucceeded':
    case 'RunFailed':
    case 'RunCancelled':
      // Nothing is left to go on with.
      return state.status === 'new' || state.unfinished === null
        ? []
        : [{ type: 'consume', commandId: state.unfinished.commandId }];
    default:
      return assertNever(event);
  }
}

/** A row that no queue carries: it stands for something the hub waits for. */
const NOT_SENT = { queue: null, notBefore: null, heartbeatSeconds: null } as const;

function issueTask(data: RunEventOf<'TaskScheduled'>['data'], state: RunState): Effect[] {
  const visit = state.status === 'new' ? undefined : state.visits.get(data.visit);
  const asked = parseResource(data.resource);
  // An event that did not fit the state: nothing is sent.
  if (state.status === 'new' || visit === undefined || asked === null) return [];
  const { commandId, deadline } = data;
  const { priority } = state;
  switch (asked.type) {
    case 'worker': {
      const { notBefore, heartbeatSeconds } = data;
      const message = taskMessage(data, asked.kind, visit.state, state);
      const when = { notBefore, deadline, heartbeatSeconds };
      return [{ type: 'issue', commandId, queue: workerQueue(asked.kind), name: 'task', message, priority, ...when }];
    }
    case 'workflow':
      return [
        {
          type: 'issue',
          commandId,
          name: 'run',
          message: childMessage(data, childOf(data.arguments, asked.ref), state),
          priority,
          ...NOT_SENT,
          deadline,
        },
      ];
    case 'approval':
      return issueApproval(commandId, state);
    case 'lineage':
    case 'publish':
      return [
        {
          type: 'issue',
          commandId,
          name: asked.type === 'lineage' ? 'land' : 'publish',
          message: hubMessage(data, visit.state, state),
          priority,
          ...NOT_SENT,
          deadline,
        },
      ];
    case 'signal':
      return [{ type: 'issue', commandId, name: asked.type, message: {}, priority, ...NOT_SENT, deadline }];
    default:
      return assertNever(asked);
  }
}

/** The row of an approval is due when the approval next has to be looked at, which may be long before its time is up. */
function issueApproval(commandId: CommandId, state: StartedRun): Extract<Effect, { type: 'issue' }>[] {
  const command = state.commands.get(commandId);
  if (command === undefined) return [];
  const { priority } = state;
  const deadline = nextWake(command);
  return [{ type: 'issue', commandId, name: 'approval', message: {}, priority, ...NOT_SENT, deadline }];
}

/** No queue has to carry it any more; its time and its heartbeats go on. */
function awaitToken(commandId: CommandId, state: RunState): Effect[] {
  const command = state.status === 'new' ? undefined : state.commands.get(commandId);
  if (state.status === 'new' || command?.isSubmitted !== true) return [];
  const { deadline, heartbeatSeconds } = command;
  const when = { ...NOT_SENT, deadline, heartbeatSeconds };
  return [{ type: 'issue', commandId, name: 'token', message: {}, priority: state.priority, ...when, isMoved: true }];
}

/** The row stays, and so does its token: only the instant changes when it is due. */
function moveWake(commandId: CommandId, state: RunState): Effect[] {
  if (state.status === 'new') return [];
  return issueApproval(commandId, state).map((effect) => ({ ...effect, isMoved: true }));
}

/** Advice is a task like any other: the hub never waits inside a call. */
function issueAdvice(data: RunEventOf<'AdviceRequested'>['data'], state: RunState): Effect[] {
  if (state.status === 'new') return [];
  const { commandId, deadline, question, budget } = data;
  const message: JsonObject = {
    v: PROTOCOL_VERSION,
    id: `c-${commandId}`,
    runId: runIdOf(commandId),
    commandId,
    step: 0,
    deadline,
    kind: 'advisor',
    state: question.point.state,
    attempt: 1,
    arguments: data.arguments,
    ...(budget === undefined ? {} : { budget: budgetMessage(budget) }),
    ...agentsMessage(state),
  };
  const when = { notBefore: null, deadline, heartbeatSeconds: null };
  const { priority } = state;
  return [{ type: 'issue', commandId, queue: workerQueue('advisor'), name: 'task', message, priority, ...when }];
}

function taskMessage(
  data: RunEventOf<'TaskScheduled'>['data'],
  kind: string,
  stateName: string,
  run: StartedRun,
): JsonObject {
  const { commandId, deadline, heartbeatSeconds, questions, answer, handIn } = data;
  const continues = continuedParts(data, run);
  return {
    // In front of all that a workflow may say: the database lets the worker read what is named here (journal_before).
    ...(continues.length === 0 ? {} : { continues: continues.map((part) => ({ ...part })) }),
    v: PROTOCOL_VERSION,
    id: `c-${commandId}`,
    runId: runIdOf(commandId),
    commandId,
    step: run.document.steps?.[stateName]?.number ?? 0,
    ...(deadline === null ? {} : { deadline }),
    kind,
    state: stateName,
    attempt: data.attempt,
    arguments: data.arguments,
    ...(heartbeatSeconds === null ? {} : { heartbeatSeconds }),
    ...(data.budget === undefined ? {} : { budget: budgetMessage(data.budget) }),
    ...agentsMessage(run),
    ...(questions === undefined ? {} : { questions }),
    ...(answer === undefined ? {} : { answer: { ...answer } }),
    ...(handIn === undefined ? {} : { handIn: handInMessage(handIn) }),
    // Whoever sends it puts the token itself in.
    ...(handIn === undefined && hasTaskToken(data.resource) ? { taskToken: tokenMark(commandId) } : {}),
  };
}

/** Where the Resource names no workflow, the Arguments do: what they lack, the hub refuses. */
function childOf(given: Json, ref: string | null): { readonly workflow: Json; readonly input: Json } {
  if (ref !== null) return { workflow: ref, input: given };
  const { workflow = null, input = {} } = isJsonObject(given) ? given : {};
  return { workflow, input };
}

/** All that the hub needs to begin a child run: it is asked for by whoever asked for its parent. */
function childMessage(
  data: RunEventOf<'TaskScheduled'>['data'],
  child: { readonly workflow: Json; readonly input: Json },
  run: StartedRun,
): JsonObject {
  const { labels, priority, submittedBy } = run;
  const parent = { runId: runIdOf(data.commandId), commandId: data.commandId, depth: (run.parent?.depth ?? 0) + 1 };
  return {
    workflow: child.workflow,
    arguments: child.input,
    labels,
    priority,
    submittedBy: actorAsJson(submittedBy),
    parent,
    ...(data.budget === undefined ? {} : { budget: budgetMessage(data.budget) }),
    ...agentsMessage(run),
  };
}

function agentsMessage({ agents }: StartedRun): JsonObject {
  if (agents === undefined) return {};
  const { model, templates, mcpServers } = agents;
  return {
    agents: {
      ...(model === undefined ? {} : { model }),
      ...(templates === undefined ? {} : { templates: { ...templates } }),
      ...(mcpServers === undefined ? {} : { mcpServers: [...mcpServers] }),
    },
  };
}

/** All that the hub needs to land a version, or to publish a document: whoever asked for the run does it. */
const hubMessage = (
  data: RunEventOf<'TaskScheduled'>['data'],
  stateName: string,
  { submittedBy }: StartedRun,
): JsonObject => ({ state: stateName, arguments: data.arguments, submittedBy: actorAsJson(submittedBy) });

const handInMessage = ({ output, workspace, by }: HandIn): JsonObject => ({
  ...(output === undefined ? {} : { output }),
  ...(workspace === undefined ? {} : { workspace: { ...workspace } }),
  by,
});

const budgetMessage = ({ usd, tokens }: TaskBudget): JsonObject => ({
  ...(usd === undefined ? {} : { usd }),
  ...(tokens === undefined ? {} : { tokens }),
});
