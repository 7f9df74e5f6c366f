import { type Actor, type ApprovalAnswer, type Json, type JsonObject, Task, type TaskFacts } from '@baton/contracts';
import { expect } from 'vitest';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';
import { cutAt } from '../cuts/run-cut.js';
import { decide } from '../decide.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import type { Effect } from '../effect.js';
import { toStore } from '../events/named-document.js';
import { EVENT_SCHEMA_VERSION, type RunEvent, type RunEventOf } from '../events/run-event.js';
import { upcast } from '../events/upcast.js';
import { evolve } from '../evolve.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { react } from '../react.js';
import { rebuild } from '../rebuild.js';
import type { RecordedFact } from '../replay/recorded-fact.js';
import { fromSnapshot, RunSnapshot, toSnapshot } from '../state/run-snapshot.js';
import { initialState, type RunState, type StartedRun } from '../state/run-state.js';
import { stateToJson } from '../state/state-to-json.js';
import { recordedAs, tellerOf } from './recorded-as.js';
import { RUN_ID, replayOf } from './replay-of.js';

export { RUN_ID };
export const START_MS = Date.UTC(2026, 10, 21, 12);

const TESTER: Actor = { type: 'user', id: 'tester' };
/** The hub itself, which tells a run how its children ended. */
export const HUB: Actor = { type: 'system', id: 'orchestrator' };

type Issue = Extract<Effect, { type: 'issue' }>;

/** A document around a definition in JSONata mode. Throws where it is not a good one. */
export function documentOf(States: JsonObject, around: JsonObject = {}): WorkflowDocument {
  const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States };
  const parsed = parseWorkflowDocument({ name: 'test', version: '1.0.0', title: 'Test', definition, ...around });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

/**
 * Drives a run as the hub does, and holds every turn to what a decision promises: taken twice it is the same, the log
 * alone gives the same state, and the same decision when the order is read from it, and the rows of the command table are the open commands.
 * @param limits what the hub allows
 * @param goesOn whether what a turn leaves is done at once
 * @param rebuilds whether each turn reads the whole log back; where false, call `checkLog` at the end
 */
export function scenario(
  document: WorkflowDocument,
  rebuilds = true,
  limits: Pick<OrderMeta, 'maxPayloadBytes' | 'limits'> = {},
  goesOn = true,
) {
  let state: RunState = initialState;
  let nowMs = START_MS;
  const log: RunEvent[] = [];
  const facts: RecordedFact[] = [];
  const replay = replayOf(facts);
  const rows = new Map<string, Issue>();

  async function when(order: RunOrder, actor: Actor = TESTER): Promise<readonly RunEvent[]> {
    const meta = { nowMs, actor, ...limits };
    const before = JSON.stringify(stateToJson(state));
    const told = tellerOf(order, actor, state);
    const events = await decide(state, order, meta);
    expect(await decide(state, order, meta)).toEqual(events);
    // As text: JSON has no -0, and neither has a log.
    if (isCarried(state)) expect(asJson(await decide(carried(state), order, meta))).toEqual(asJson(events));
    expect(JSON.stringify(stateToJson(state))).toBe(before);
    for (const event of events) {
      state = evolve(state, event);
      log.push(event);
      for (const effect of react(event, state)) apply(effect);
    }
    facts.push(...recordedAs(events, order, told, { nowMs, before: facts.length, state }));
    expect(await replay(events.length)).toBeNull();
    if (rebuilds) checkLog();
    expect([...rows.keys()].sort()).toEqual(openCommands(state));
    const left = state.status === 'running' && goesOn ? state.unfinished : null;
    return left === null
      ? events
      : [...events, ...(await when({ type: 'ExpireCommand', commandId: left.commandId }, HUB))];
  }

  function checkLog(): void {
    expect(stateToJson(rebuild(readBack(log)))).toEqual(stateToJson(state));
  }

  function apply(effect: Effect): void {
    if (effect.type === 'consume') {
      expect(rows.delete(effect.commandId)).toBe(true);
      return;
    }
    expect(rows.has(effect.commandId)).toBe(effect.isMoved === true);
    if (effect.queue !== null) Task.parse({ ...effect.message, dispatchNo: 0 });
    rows.set(effect.commandId, effect);
  }

  /** The open command of a state: its task, or the timer it waits for. The oldest, where several are open. */
  function commandOf(name: string): Issue {
    if (state.status === 'new') throw new Error('the run has not begun');
    for (const row of rows.values()) {
      const visit = state.visits.get(state.commands.get(row.commandId)?.visit ?? -1);
      if (visit?.state === name) return row;
    }
    throw new Error(`the state ${name} waits for nothing`);
  }

  /** What is landed, what is published and what a child gave the hub itself tells. */
  const answering = (name: string): Actor => (['land', 'publish', 'run'].includes(commandOf(name).name) ? HUB : TESTER);

  return {
    when,
    checkLog,
    commandOf,
    state: (): RunState => state,
    log: (): readonly RunEvent[] => log,
    /** The same as the database has it. */
    facts: (): readonly RecordedFact[] => facts,
    open: (): readonly Issue[] => [...rows.values()],
    /** All events of a type, in order. */
    eventsOf: <T extends RunEvent['type']>(type: T): readonly RunEventOf<T>[] =>
      log.filter((event): event is RunEventOf<T> => event.type === type),
    start: (input: JsonObject = {}) =>
      when({
        type: 'StartRun',
        submission: { requestId: 'request-1', workflow: document.name, input, runId: RUN_ID },
        document,
        sha256: 'ab'.repeat(32),
      }),
    succeed: (name: string, output: Json = {}, facts: TaskFacts = {}) =>
      when({ type: 'CompleteTask', commandId: commandOf(name).commandId, output, ...facts }, answering(name)),
    fail: (name: string, error: string, cause = 'because', retryable = true) =>
      when({ type: 'FailTask', commandId: commandOf(name).commandId, error, cause, retryable }, answering(name)),
    /** Lets the time come at which a task is late, or a timer due. */
    expire: (name: string) => {
      const { commandId, deadline } = commandOf(name);
      if (deadline === null) throw new Error(`the command of ${name} has no deadline`);
      nowMs = Math.max(nowMs, Date.parse(deadline));
      return when({ type: 'ExpireCommand', commandId });
    },
    pause: (reason = '') => when({ type: 'PauseRun', requestId: 'pause', reason }),
    resume: () => when({ type: 'ResumeRun', requestId: 'resume', runId: RUN_ID }),
    signal: (name: string, data: Json = null) =>
      when({ type: 'SignalRun', requestId: `signal-${log.length}`, runId: RUN_ID, name, data }),
    /** The task of an advisor, the oldest that is open. */
    advisor: (): Issue => {
      const row = [...rows.values()].find(({ queue }) => queue === 'worker-advisor');
      if (row === undefined) throw new Error('nobody asks for advice');
      return row;
    },
    answer: (name: string, decision: ApprovalAnswer, comment = '', sha256?: string, move?: string) =>
      when({
        type: 'DecideApproval',
        requestId: `answer-${log.length}`,
        approvalId: commandOf(name).commandId,
        decision,
        comment,
        sha256,
        ...(move === undefined ? {} : { move }),
      }),
    retry: (reason = '') => {
      const cut = cutAt(log);
      if (cut === null) throw new Error('there is nothing to go on from');
      return when({ type: 'RetryRun', requestId: 'retry', runId: RUN_ID, reason, cut, failedAt: log.length });
    },
    cancel: (reason = '') => when({ type: 'CancelRun', requestId: 'request-2', reason }),
    pass: (ms: number) => {
      nowMs += ms;
    },
    passUntil: (instant: string) => {
      nowMs = Math.max(nowMs, Date.parse(instant));
    },
  };
}

function openCommands(state: RunState): readonly string[] {
  if (state.status === 'new') return [];
  const unfinished = state.status === 'running' && state.unfinished !== null ? [state.unfinished.commandId] : [];
  return [...state.commands.keys(), ...state.shadows.keys(), ...unfinished].sort();
}

const asJson = (events: readonly RunEvent[]): Json => JSON.parse(JSON.stringify(events));

/** A snapshot of thousands of frames takes longer to read than the rest of a test. */
const isCarried = (state: RunState): state is StartedRun => state.status === 'running' && state.frames.size < 50;

/** The state as a hub has it that reads the run from an event which holds all of it. */
const carried = (state: StartedRun): StartedRun =>
  fromSnapshot(RunSnapshot.parse(JSON.parse(JSON.stringify(toSnapshot(state)))));

export type Scenario = ReturnType<typeof scenario>;

/** The log as it comes back from the database: through text, and read at the border. */
export function readBack(log: readonly RunEvent[]): RunEvent[] {
  return log.map((event) => {
    const { data, document } = toStore(event);
    return upcast(event.type, EVENT_SCHEMA_VERSION, JSON.parse(JSON.stringify(data)), document ?? undefined);
  });
}

export const typesOf = (events: readonly RunEvent[]): readonly string[] => events.map(({ type }) => type);

/** A Task state that ends the machine unless told otherwise. */
export const task = (over: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'baton:worker:planner',
  ...(over.Next === undefined ? { End: true } : {}),
  ...over,
});

/** A Parallel state whose branches have one task each, of the given names. */
export const branches = (...names: readonly string[]): JsonObject => ({
  Type: 'Parallel',
  Branches: names.map((name) => ({ StartAt: name, States: { [name]: task() } })),
});
