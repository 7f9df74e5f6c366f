import { ErrorName } from '@baton/asl';
import { assertNever, type RunId } from '@baton/contracts';
import { runIdOf } from './command-ordinal.js';
import type { CommandMeta, RunCommand, TaskFacts } from './commands.js';
import { abortRoot } from './deciding/abort.js';
import { begin, runOn } from './deciding/enter-state.js';
import { failRun, failTask, recover } from './deciding/failure.js';
import { finishVisit } from './deciding/leave-state.js';
import { machineOfDocument } from './deciding/machine-cache.js';
import { isTooLarge } from './deciding/paths.js';
import { startEvents } from './deciding/start.js';
import { runDeadlineMs } from './deciding/time-limit.js';
import { beginTurn, definitionOf, emit, type Turn, visitOf } from './deciding/turn.js';
import type { RunEvent } from './events.js';
import { evolve } from './evolve.js';
import { type CommandState, initialState, type RunState, type StartedRun } from './state.js';

/**
 * What happens because of a command: the events to append, in order. `[]` means that the command is no longer relevant:
 * a duplicate, a late result, a run that has ended.
 *
 * The run goes on until everything in it waits for a command or has ended. Deterministic: the same state, command and
 * meta give the same events. Asynchronous only because the evaluator of expressions is.
 */
export async function decide(state: RunState, command: RunCommand, meta: CommandMeta): Promise<RunEvent[]> {
  if (command.type === 'StartRun') return state.status === 'new' ? start(command, meta) : [];
  if (state.status !== 'running') return [];
  switch (command.type) {
    case 'CompleteTask':
    case 'FailTask':
    case 'ExpireCommand': {
      const open = state.commands.get(command.commandId);
      return open === undefined ? [] : settle(state, command, open, meta);
    }
    case 'CancelRun':
      return inTurn(state, '', meta, async (turn) => {
        const { reason, requestId } = command;
        abortRoot(turn, reason === '' ? 'the run was cancelled' : reason);
        emit(turn, { type: 'RunCancelled', data: { reason, requestId } });
      });
    default:
      return assertNever(command);
  }
}

async function start(command: Extract<RunCommand, { type: 'StartRun' }>, meta: CommandMeta): Promise<RunEvent[]> {
  const opening = startEvents(command, meta);
  const run = opening.reduce(evolve, initialState);
  if (run.status !== 'running') return opening;
  const rest = await inTurn(run, command.submission.runId, meta, async (turn) => {
    turn.toEnter.push({ frame: 0, state: turn.machine.StartAt, isDecided: true });
  });
  return [...opening, ...rest];
}

type Settling = Extract<RunCommand, { type: 'CompleteTask' | 'FailTask' | 'ExpireCommand' }>;

async function settle(
  state: StartedRun,
  command: Settling,
  open: CommandState,
  meta: CommandMeta,
): Promise<RunEvent[]> {
  const { commandId } = command;
  // A timer has no result, and nothing expires before its time.
  const isDue = open.deadline !== null && meta.nowMs >= Date.parse(open.deadline);
  if (command.type === 'ExpireCommand' ? !isDue : open.kind === 'timer') return [];
  return inTurn(state, runIdOf(commandId), meta, async (turn) => {
    const deadlineMs = runDeadlineMs(turn.run, turn.machine);
    if (deadlineMs !== null && meta.nowMs >= deadlineMs) {
      const cause = `The run took longer than the ${turn.machine.TimeoutSeconds} seconds its definition allows.`;
      return failRun(turn, { error: ErrorName.timeout, cause, isRetryable: false });
    }
    switch (command.type) {
      case 'CompleteTask':
        return completeTask(turn, open, command);
      case 'FailTask': {
        const { error, cause, retryable } = command;
        const data = { visit: open.visit, commandId, error, cause, retryable, ...factsOf(command) };
        emit(turn, { type: 'TaskFailed', data });
        return failTask(turn, visitOf(turn, open.visit), { error, cause, isRetryable: retryable });
      }
      case 'ExpireCommand':
        return open.kind === 'timer' ? fireTimer(turn, open) : timeOut(turn, open);
      default:
        return assertNever(command);
    }
  });
}

async function completeTask(
  turn: Turn,
  open: CommandState,
  command: Extract<RunCommand, { type: 'CompleteTask' }>,
): Promise<void> {
  const { commandId, output } = command;
  const resource = resourceOf(turn, open);
  if (resource !== null && isTooLarge(turn, output)) {
    const error = ErrorName.dataLimitExceeded;
    const cause = `The state/task '${resource}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    const data = { visit: open.visit, commandId, error, cause, retryable: false, ...factsOf(command) };
    emit(turn, { type: 'TaskFailed', data });
    return failTask(turn, visitOf(turn, open.visit), { error, cause, isRetryable: false });
  }
  emit(turn, { type: 'TaskSucceeded', data: { visit: open.visit, commandId, output, ...factsOf(command) } });
  const visit = visitOf(turn, open.visit);
  const state = definitionOf(turn, visit);
  if (state.Type !== 'Task') throw new Error(`the state ${visit.state} has a task but is no Task`);
  await recover(turn, await finishVisit(turn, visit, state, { result: output }, output));
}

function resourceOf(turn: Turn, open: CommandState): string | null {
  const state = definitionOf(turn, visitOf(turn, open.visit));
  return state.Type === 'Task' ? state.Resource : null;
}

async function timeOut(turn: Turn, { visit: visitNumber, commandId, attempt }: CommandState): Promise<void> {
  const error = 'States.Timeout';
  emit(turn, { type: 'TaskTimedOut', data: { visit: visitNumber, commandId, error } });
  const visit = visitOf(turn, visitNumber);
  const cause = `The task of the state '${visit.state}' did not answer in time (attempt ${attempt}).`;
  await failTask(turn, visit, { error, cause, isRetryable: true });
}

/** A Wait is over, or a state is tried again. */
async function fireTimer(turn: Turn, { visit: visitNumber, commandId }: CommandState): Promise<void> {
  emit(turn, { type: 'TimerFired', data: { visit: visitNumber, commandId } });
  const visit = visitOf(turn, visitNumber);
  const state = definitionOf(turn, visit);
  const isOver = state.Type === 'Wait';
  await recover(
    turn,
    isOver ? await finishVisit(turn, visit, state, {}, visit.input) : await begin(turn, visitNumber, state),
  );
}

/** Runs a decision to its end on a state of a running run, and gives its events. */
async function inTurn(
  state: StartedRun,
  runId: RunId,
  meta: CommandMeta,
  act: (turn: Turn) => Promise<void>,
): Promise<RunEvent[]> {
  const parsed = machineOfDocument(state.document);
  if (!parsed.ok) throw new Error('a run with a definition that cannot run is running');
  const turn = beginTurn(state, parsed.machine, runId, meta);
  await act(turn);
  await runOn(turn);
  return turn.events;
}

/** Usage, model and journal, as far as the worker told them. */
const factsOf = ({ usage, model, journal }: TaskFacts): TaskFacts => ({
  ...(usage === undefined ? {} : { usage }),
  ...(model === undefined ? {} : { model }),
  ...(journal === undefined ? {} : { journal }),
});
