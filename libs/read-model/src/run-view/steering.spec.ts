import { childRunIdOf, type RunView } from '@baton/contracts';
import { cutAt, decide, evolve, initialState, type RunEvent } from '@baton/workflow';
import { describe, expect, test } from 'vitest';
import { document, RUN_ID, runStarted } from '../testing/events.js';
import { evolveRunView } from './evolve-run-view.js';
import type { RunFold } from './run-fold.js';
import { fromStored, toStored } from './stored-fold.js';
import { viewOf } from './view-of.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const at = (second: number): string => new Date(START + second * 1000).toISOString();

/** Folds events recorded one second apart. */
const view = (...events: readonly RunEvent[]): RunView => viewOf(folded(...events));

function folded(...events: readonly RunEvent[]): RunFold {
  const last = events.reduce<RunFold | null>(
    (before, event, index) =>
      evolveRunView(before, event, { runId: RUN_ID, position: 1, version: index + 1, recordedAt: at(index) }),
    null,
  );
  if (last === null) throw new Error('no events');
  return last;
}

const commandId = (n: number): string => `${RUN_ID}-${n}`;
const entered = (visit: number, state: string, frame = visit): RunEvent => ({
  type: 'StateEntered',
  data: { visit, frame, state },
});
const scheduled = (visit: number, resource: string, ordinal = visit): RunEvent => ({
  type: 'TaskScheduled',
  data: {
    visit,
    commandId: commandId(ordinal),
    resource,
    attempt: 1,
    arguments: {},
    notBefore: null,
    deadline: null,
    heartbeatSeconds: null,
  },
});
const about = (visit: number) => ({ visit, commandId: commandId(visit) });
const answered = (decision: 'approve' | 'reject'): RunEvent => ({
  type: 'ApprovalDecided',
  data: { ...about(1), decision, comment: '', by: { type: 'user', id: 'ada' }, requestId: 'r' },
});
const failure: RunEvent = { type: 'RunFailed', data: { error: 'E', cause: 'c' } };
const paused: RunEvent = { type: 'RunPaused', data: { requestId: 'r', reason: '' } };
const resumed: RunEvent = { type: 'RunResumed', data: { requestId: 'r' } };

describe('what a run waits for', () => {
  const waiting = [
    runStarted(),
    entered(1, 'Ask'),
    scheduled(1, 'baton:approval'),
    entered(2, 'Go'),
    scheduled(2, 'baton:signal:go'),
    entered(3, 'Child'),
    scheduled(3, 'baton:workflow:other@1.0.0'),
    entered(4, 'Nap'),
    { type: 'TimerScheduled', data: { ...about(4), dueAt: '2026-01-02T00:00:00Z' } },
    entered(5, 'Plan'),
    scheduled(5, 'baton:worker:planner'),
    entered(6, 'Order'),
    scheduled(6, 'baton:worker:shop.waitForTaskToken'),
    { type: 'TaskSubmitted', data: about(6) },
  ] as const satisfies RunEvent[];

  test('is a person, a signal, a child run, a time or a token, and never a worker', () => {
    expect(view(...waiting).waitingFor).toEqual([
      { kind: 'approval', state: 'Ask', approvalId: commandId(1), since: at(2) },
      { kind: 'signal', state: 'Go', name: 'go', since: at(4) },
      { kind: 'run', state: 'Child', runId: childRunIdOf(commandId(3)), workflow: 'other@1.0.0', since: at(6) },
      { kind: 'timer', state: 'Nap', dueAt: '2026-01-02T00:00:00Z', since: at(8) },
      // Since its worker has done its part.
      { kind: 'token', state: 'Order', since: at(13) },
    ]);
  });

  test.each<[string, RunEvent, number]>([
    ['an answer', answered('approve'), 1],
    ['a rejection', answered('reject'), 1],
    ['an answer by the token', { type: 'TaskSucceeded', data: { ...about(6), output: 1 } }, 6],
    [
      'a failure by the token',
      { type: 'TaskFailed', data: { ...about(6), error: 'E', cause: '', retryable: true } },
      6,
    ],
    ['a token that nobody showed in time', { type: 'TaskTimedOut', data: { ...about(6), error: 'States.Timeout' } }, 6],
    ['a token of a cancelled command', { type: 'CommandCancelled', data: { ...about(6), reason: 'r' } }, 6],
    ['a time limit', { type: 'TaskTimedOut', data: { ...about(1), error: 'States.Timeout' } }, 1],
    ['a signal', { type: 'TaskSucceeded', data: { ...about(2), output: 1, signal: 1 } }, 2],
    [
      'the failure of the child',
      { type: 'TaskFailed', data: { ...about(3), error: 'E', cause: '', retryable: true } },
      3,
    ],
    ['the end of the wait', { type: 'TimerFired', data: about(4) }, 4],
    ['a cancelled command', { type: 'CommandCancelled', data: { ...about(4), reason: 'r' } }, 4],
    ['an aborted frame', { type: 'FrameAborted', data: { frame: 4, reason: 'r' } }, 4],
    ['a state that is left', { type: 'StateExited', data: { visit: 4, output: 1, assign: {}, next: null } }, 4],
  ])('is over with %s', (_, event, visit) => {
    const left = view(...waiting, event).waitingFor.map(({ state }) => state);
    expect(left).toEqual(
      ['Ask', 'Go', 'Child', 'Nap', '', 'Order'].filter((name, index) => name !== '' && index + 1 !== visit),
    );
  });

  test('goes on when an older command of the same state ends', () => {
    const again = view(...waiting, scheduled(1, 'baton:approval', 9), answered('approve'));
    expect(again.waitingFor.at(-1)).toMatchObject({ approvalId: commandId(9) });
  });

  test('is nothing once the run has ended', () => {
    expect(view(...waiting, failure)).toMatchObject({ waitingFor: [], currentStates: [] });
  });

  test('shows the hundred that have waited longest', () => {
    const visits = Array.from({ length: 120 }, (_, index) => index + 1);
    const asked = visits.flatMap((visit) => [entered(visit, 'Ask'), scheduled(visit, 'baton:approval')]);
    const shown = view(runStarted(), ...asked);
    expect(shown.waitingFor).toHaveLength(100);
    expect(shown.waitingFor.at(-1)).toMatchObject({ approvalId: commandId(100) });
    expect(shown.currentStates).toEqual(['Ask']);
  });
});

describe('a paused run', () => {
  test('says so until it is resumed, and while results come in', () => {
    expect(view(runStarted(), paused).status).toBe('paused');
    expect(view(runStarted(), entered(1, 'Plan'), paused, { ...exited, data: { ...exited.data } }).status).toBe(
      'paused',
    );
    expect(view(runStarted(), paused, resumed).status).toBe('running');
  });

  const succeeded: RunEvent = { type: 'TaskSucceeded', data: { ...about(1), output: 1 } };
  const atWork = [runStarted(), entered(1, 'Plan'), scheduled(1, 'baton:worker:planner')];

  test.each<[string, string, RunEvent]>([
    ['baton:worker:planner', 'result', succeeded],
    [
      'baton:worker:planner',
      'failure',
      { type: 'TaskFailed', data: { ...about(1), error: 'E', cause: '', retryable: true } },
    ],
    ['baton:worker:planner', 'timeout', { type: 'TaskTimedOut', data: { ...about(1), error: 'E', cause: '' } }],
    ['baton:workflow:other', 'result', succeeded],
    ['baton:approval', 'answer', answered('approve')],
    ['baton:approval', 'answer', answered('reject')],
    ['baton:signal:go', 'signal', { type: 'SignalReceived', data: { signal: 1, name: 'go', data: 1, requestId: 's' } }],
  ])('shows of %s that its %s came, until it is resumed', (resource, what, event) => {
    const events = [runStarted(), entered(1, 'Plan'), scheduled(1, resource), paused, event];
    expect(view(...events).kept).toEqual([{ state: 'Plan', what, since: at(4) }]);
    expect(view(...events, resumed).kept).toEqual([]);
  });

  test('shows that a timer went off, and that advice came; advice in shadow is nobody’s', () => {
    const timer: RunEvent = { type: 'TimerScheduled', data: { ...about(1), dueAt: at(9) } };
    const fired: RunEvent = { type: 'TimerFired', data: about(1) };
    const kept = [{ state: 'Plan', what: 'timer', since: at(4) }];
    expect(view(runStarted(), entered(1, 'Plan'), timer, paused, fired).kept).toEqual(kept);
    const advice: RunEvent = {
      type: 'AdviceFailed',
      data: { ...about(1), decisionId: `${RUN_ID}-d1`, error: 'E', cause: '' },
    };
    expect(view(...atWork, paused, advice).kept).toEqual([]);
  });

  test('keeps nothing of a run that is not paused, or that has ended', () => {
    expect(view(...atWork, succeeded).kept).toEqual([]);
    expect(
      view(...atWork, paused, succeeded, { type: 'RunCancelled', data: { reason: '', requestId: 'r' } }).kept,
    ).toEqual([]);
  });

  test('that was stored goes on with what it kept', () => {
    const fold = folded(...atWork, paused, succeeded);
    expect(viewOf(fromStored(JSON.parse(JSON.stringify(toStored(fold)))))).toEqual(viewOf(fold));
  });

  test('that is cancelled is cancelled', () => {
    expect(view(runStarted(), paused, { type: 'RunCancelled', data: { reason: '', requestId: 'r' } }).status).toBe(
      'cancelled',
    );
  });
  const exited = { type: 'StateExited', data: { visit: 1, output: 1, assign: {}, next: null } } as const;
});

test('a child run names its parent', () => {
  const parent = { runId: '22222222-2222-4222-8222-222222222222', commandId: commandId(1), depth: 1 };
  expect(view(runStarted({ parent })).parent).toEqual({ runId: parent.runId, commandId: commandId(1) });
});

describe('a run that goes on from a state', () => {
  const failed: readonly RunEvent[] = [
    runStarted({ startedAt: at(0) }),
    { type: 'FrameStarted', data: { frame: 0, parent: null, machine: '', input: {} } },
    { type: 'StateEntered', data: { visit: 0, frame: 0, state: 'Plan', enteredAt: at(0) } },
    scheduled(0, 'baton:worker:planner', 1),
    { type: 'TaskFailed', data: { visit: 0, commandId: commandId(1), error: 'E', cause: 'c', retryable: true } },
    { type: 'StateFailed', data: { visit: 0, error: 'E', cause: 'c' } },
    { type: 'FrameAborted', data: { frame: 0, reason: 'E' } },
    failure,
  ];
  const meta = { nowMs: START + 60_000, actor: { type: 'user', id: 'bob' } } as const;

  test('after a retry runs again, with a step of its own for what is tried again', async () => {
    const state = failed.reduce(evolve, initialState);
    const cut = cutAt(failed);
    if (cut === null) throw new Error('no cut');
    const retry = { type: 'RetryRun', requestId: 'r', runId: RUN_ID, reason: '', cut, failedAt: 8 } as const;
    const events = await decide(state, retry, meta);
    expect(events.map(({ type }) => type)).toEqual(['RunRetried', 'TaskScheduled']);
    const shown = view(...failed, ...events);
    expect(shown).toMatchObject({
      status: 'running',
      endedAt: null,
      error: null,
      cause: null,
      currentStates: ['Plan'],
      phase: 'plan',
      step: 1,
      version: 10,
    });
    expect(shown.steps.map(({ status, attempt }) => [status, attempt])).toEqual([
      ['failed', 1],
      ['waiting', 2],
    ]);
  });

  test('as a fork begins with all that it takes over', async () => {
    const cut = cutAt(failed.slice(0, 4));
    if (cut === null) throw new Error('no cut');
    const fork = {
      type: 'ForkRun',
      requestId: 'r',
      runId: RUN_ID,
      from: { runId: '22222222-2222-4222-8222-222222222222', version: 4 },
      cut,
      labels: { why: 'test' },
    } as const;
    const events = await decide(initialState, fork, meta);
    expect(view(...events)).toMatchObject({
      workflow: document.name,
      workflowVersion: document.version,
      status: 'running',
      forkedFrom: { runId: '22222222-2222-4222-8222-222222222222', version: 4 },
      labels: { why: 'test' },
      submittedBy: { type: 'user', id: 'bob' },
      startedAt: at(0),
      currentStates: ['Plan'],
      phase: 'plan',
      step: 1,
      steps: [{ state: 'Plan', status: 'waiting', agent: 'planner' }],
    });
  });
});
