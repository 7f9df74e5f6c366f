import { ErrorName } from '@baton/asl';
import { assertNever, type RunId } from '@baton/contracts';
import type { CommandMeta, RunCommand } from './commands.js';
import { forkEvent, retryEvent } from './cuts/fork-and-retry.js';
import { machineOfDocument } from './document/machine-of-document.js';
import type { RunEvent } from './events/run-event.js';
import { evolve } from './evolve.js';
import { runIdOf } from './ids.js';
import { continueFromLog } from './interpreter/continue-from-log.js';
import { failRun } from './interpreter/failure.js';
import { isTimeUp, remind } from './interpreter/remind.js';
import { runTurn } from './interpreter/run-turn.js';
import { adviceFact, factOf, fits } from './interpreter/settle.js';
import { startEvents } from './interpreter/start.js';
import { warnOfBudget } from './interpreter/states/reserve-budget.js';
import { isKept, takeSignals } from './interpreter/states/signal.js';
import { abortRoot, dropShadows } from './interpreter/turn/abort.js';
import { runDeadlineMs } from './interpreter/turn/time-limit.js';
import { beginTurn, emit, type Turn } from './interpreter/turn/turn.js';
import {
  type CommandState,
  initialState,
  type RunState,
  type ShadowAdvice,
  type StartedRun,
} from './state/run-state.js';

/**
 * What happens because of a command: the events to append, in order. `[]` means that the command is no longer relevant:
 * a duplicate, a late result, a run that has ended.
 *
 * The run goes on until everything in it waits for a command or has ended. Deterministic: the same state, command and
 * meta give the same events. Asynchronous only because the evaluator of expressions is.
 */
export async function decide(state: RunState, command: RunCommand, meta: CommandMeta): Promise<RunEvent[]> {
  switch (command.type) {
    case 'StartRun':
      return state.status === 'new' ? start(command, meta) : [];
    case 'ForkRun':
      return state.status === 'new' ? continueAfter(state, forkEvent(command, meta), command.runId, meta) : [];
    case 'RetryRun':
      return state.status === 'failed' && state.eventCount === command.failedAt
        ? continueAfter(state, retryEvent(state, command, meta), command.runId, meta)
        : [];
    default:
      return state.status === 'running' ? decideRunning(state, command, meta) : [];
  }
}

type Running = Exclude<RunCommand, { type: 'StartRun' | 'ForkRun' | 'RetryRun' }>;

async function decideRunning(run: StartedRun, command: Running, meta: CommandMeta): Promise<RunEvent[]> {
  switch (command.type) {
    case 'CompleteTask':
    case 'FailTask':
    case 'ExpireCommand':
    case 'DecideApproval': {
      const commandId = command.type === 'DecideApproval' ? command.approvalId : command.commandId;
      const open = run.commands.get(commandId);
      if (open !== undefined) return settle(run, command, open, meta);
      const shadow = run.shadows.get(commandId);
      return shadow === undefined ? [] : settleShadow(command, shadow, meta);
    }
    case 'CancelRun':
      return inTurn(run, '', meta, async (turn) => {
        const { reason, requestId } = command;
        abortRoot(turn, reason === '' ? 'the run was cancelled' : reason);
        dropShadows(turn);
        emit(turn, { type: 'RunCancelled', data: { reason, requestId } });
      });
    case 'PauseRun': {
      const { requestId, reason } = command;
      return run.isPaused ? [] : [{ type: 'RunPaused', data: { requestId, reason } }];
    }
    case 'ResumeRun':
      return run.isPaused ? continueAfter(run, resumeEvent(command), command.runId, meta) : [];
    case 'SignalRun': {
      if (!isKept(run, command.name)) return [];
      const { requestId, runId, name, data } = command;
      return inTurn(run, runId, meta, async (turn) => {
        emit(turn, { type: 'SignalReceived', data: { signal: turn.run.nextSignal, name, data, requestId } });
        if (!turn.run.isPaused) takeSignals(turn);
      });
    }
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

/** An event after which the run goes on with whatever its state says comes next. */
async function continueAfter(before: RunState, event: RunEvent, runId: RunId, meta: CommandMeta): Promise<RunEvent[]> {
  const run = evolve(before, event);
  if (run.status !== 'running') throw new Error(`a run is not running after ${event.type}`);
  return [
    event,
    ...(await inTurn(run, runId, meta, async (turn) => {
      if (!endIfTimeIsUp(turn)) await continueFromLog(turn);
    })),
  ];
}

const resumeEvent = ({ requestId }: Extract<RunCommand, { type: 'ResumeRun' }>): RunEvent => ({
  type: 'RunResumed',
  data: { requestId },
});

type Settling = Extract<RunCommand, { type: 'CompleteTask' | 'FailTask' | 'ExpireCommand' | 'DecideApproval' }>;

async function settle(
  state: StartedRun,
  command: Settling,
  open: CommandState,
  meta: CommandMeta,
): Promise<RunEvent[]> {
  if (!fits(command, open, state, meta)) return [];
  return inTurn(state, runIdOf(open.commandId), meta, async (turn) => {
    if (endIfTimeIsUp(turn)) return;
    if (command.type === 'ExpireCommand' && open.approval !== null && !isTimeUp(open, meta.nowMs)) {
      return remind(turn, open);
    }
    emit(turn, factOf(turn, command, open));
    // One approval of several: the question stands.
    if (turn.run.isPaused || turn.run.commands.has(open.commandId)) return;
    turn.toAdvance.push(open.visit);
    if (open.budget !== null) warnOfBudget(turn);
  });
}

/** Advice in shadow is put on record, and nothing follows from it. */
function settleShadow(command: Settling, shadow: ShadowAdvice, { nowMs }: CommandMeta): RunEvent[] {
  // No person is asked here: whoever answers means something else.
  if (command.type === 'DecideApproval') return [];
  const { visit, commandId, decisionId, deadline } = shadow;
  if (command.type === 'ExpireCommand' && nowMs < Date.parse(deadline)) return [];
  return [adviceFact(command, { visit, commandId, decisionId })];
}

/** TimeoutSeconds of the definition ends the run, past every retrier and catcher. */
function endIfTimeIsUp(turn: Turn): boolean {
  const deadlineMs = runDeadlineMs(turn.run, turn.machine);
  if (deadlineMs === null || turn.nowMs < deadlineMs) return false;
  const cause = `The run took longer than the ${turn.machine.TimeoutSeconds} seconds its definition allows.`;
  failRun(turn, { error: ErrorName.timeout, cause, isRetryable: false });
  return true;
}

/** Runs a decision to its end on a state of a running run, and gives its events. */
async function inTurn(
  state: StartedRun,
  runId: RunId,
  meta: CommandMeta,
  act: (turn: Turn) => Promise<void>,
): Promise<RunEvent[]> {
  const parsed = machineOfDocument(state.document);
  if (parsed.machine === null) throw new Error('a run with a definition that cannot run is running');
  const turn = beginTurn(state, parsed.machine, runId, meta);
  await act(turn);
  await runTurn(turn);
  return turn.events;
}
