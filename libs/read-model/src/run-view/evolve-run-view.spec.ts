import { BatonError, type Usage } from '@baton/contracts';
import type { RunEvent } from '@baton/workflow';
import { describe, expect, test } from 'vitest';
import { decision, RUN_ID, runStarted } from '../testing/events.js';
import { evolveRunView } from './evolve-run-view.js';
import type { RunFold } from './run-fold.js';
import { viewOf } from './view-of.js';

/** Folds events recorded one second apart. */
function fold(...events: readonly RunEvent[]): RunFold {
  const start = Date.parse('2026-01-01T00:00:00.000Z');
  const last = events.reduce<RunFold | null>(
    (before, event, index) =>
      evolveRunView(before, event, {
        runId: RUN_ID,
        position: index + 1,
        version: index + 1,
        recordedAt: new Date(start + index * 1000).toISOString(),
      }),
    null,
  );
  if (last === null) throw new Error('no events');
  return last;
}
const view = (...events: readonly RunEvent[]) => viewOf(fold(...events));

const commandId = `${RUN_ID}-1`;
const entered = (visit: number, state: string, frame = 0): RunEvent => ({
  type: 'StateEntered',
  data: { visit, frame, state },
});
const exited = (visit: number): RunEvent => ({
  type: 'StateExited',
  data: { visit, output: {}, assign: {}, next: null },
});
const scheduled = (visit: number, attempt = 1): RunEvent => ({
  type: 'TaskScheduled',
  data: {
    visit,
    commandId,
    attempt,
    resource: 'baton:worker:planner',
    arguments: {},
    notBefore: null,
    deadline: null,
    heartbeatSeconds: null,
  },
});
const succeeded = (visit: number, facts: { usage?: Usage; model?: string } = {}): RunEvent => ({
  type: 'TaskSucceeded',
  data: { visit, commandId, output: {}, ...facts },
});
const failed = (visit: number): RunEvent => ({
  type: 'TaskFailed',
  data: { visit, commandId, error: 'E', cause: 'c', retryable: true },
});
const retried = (visit: number): RunEvent => ({
  type: 'StateRetried',
  data: { visit, retrier: 0, error: 'E', cause: 'c', notBefore: '2026-01-01T00:00:09.000Z' },
});

describe('the start', () => {
  test('shows who submitted what, and when', () => {
    expect(view(runStarted({ labels: { team: 'red' } }))).toMatchObject({
      runId: RUN_ID,
      workflow: 'two-steps',
      workflowVersion: '1.0.0',
      status: 'running',
      version: 1,
      labels: { team: 'red' },
      submittedBy: { type: 'user', id: 'ada' },
      startedAt: '2026-01-01T00:00:00.000Z',
      endedAt: null,
      steps: [],
    });
  });
});

describe('a step', () => {
  test('waits from the moment its state is entered, and names the agent that was asked', () => {
    const shown = view(runStarted(), entered(1, 'Plan'), scheduled(1));
    expect(shown).toMatchObject({ phase: 'plan', step: 1, currentStates: ['Plan'] });
    expect(shown.steps).toEqual([
      {
        state: 'Plan',
        step: 1,
        item: null,
        title: 'Initial plan',
        agent: 'planner',
        attempt: 1,
        status: 'waiting',
        startedAt: '2026-01-01T00:00:01.000Z',
        durationMs: null,
      },
    ]);
  });

  test('succeeds when its state is left, after the time since it was entered', () => {
    const shown = view(runStarted(), entered(1, 'Plan'), scheduled(1), succeeded(1), exited(1));
    expect(shown.steps).toMatchObject([{ status: 'succeeded', durationMs: 3000 }]);
    expect(shown.currentStates).toEqual([]);
  });

  test('that is retried stays one step and counts the attempt', () => {
    const shown = view(runStarted(), entered(1, 'Plan'), scheduled(1), failed(1), retried(1), scheduled(1, 2));
    expect(shown.steps).toMatchObject([{ attempt: 2, status: 'waiting', durationMs: null }]);
  });

  test('about which a person is asked stays that of its worker', () => {
    const asked: RunEvent = {
      type: 'TaskScheduled',
      data: {
        visit: 1,
        commandId: `${RUN_ID}-2`,
        attempt: 1,
        resource: 'baton:approval',
        arguments: {},
        notBefore: null,
        deadline: null,
        heartbeatSeconds: null,
      },
    };
    const shown = view(runStarted(), entered(1, 'Plan'), scheduled(1), failed(1), asked);
    expect(shown.steps).toMatchObject([{ agent: 'planner' }]);
    expect(shown.waitingFor).toMatchObject([{ kind: 'approval', approvalId: `${RUN_ID}-2` }]);
  });

  test('whose state failed has failed', () => {
    const end: RunEvent = { type: 'StateFailed', data: { visit: 1, error: 'E', cause: 'c' } };
    expect(view(runStarted(), entered(1, 'Plan'), scheduled(1), failed(1), end).steps).toMatchObject([
      { status: 'failed' },
    ]);
  });

  test('whose last attempt ran out of time has timed out, even when the error is caught', () => {
    const timedOut: RunEvent = { type: 'TaskTimedOut', data: { visit: 1, commandId, error: 'States.Timeout' } };
    const caught: RunEvent = {
      type: 'ErrorCaught',
      data: { visit: 1, catcher: 0, error: 'States.Timeout', cause: '', output: {}, assign: {}, next: 'Code' },
    };
    expect(view(runStarted(), entered(1, 'Plan'), scheduled(1), timedOut, caught).steps).toMatchObject([
      { status: 'timed-out' },
    ]);
  });

  test('that timed out once and succeeded on the next attempt has succeeded', () => {
    const timedOut: RunEvent = { type: 'TaskTimedOut', data: { visit: 1, commandId, error: 'States.Timeout' } };
    const shown = view(
      runStarted(),
      entered(1, 'Plan'),
      scheduled(1),
      timedOut,
      retried(1),
      scheduled(1, 2),
      succeeded(1),
      exited(1),
    );
    expect(shown.steps).toMatchObject([{ status: 'succeeded', attempt: 2 }]);
  });

  test('visited again is a step of its own', () => {
    const shown = view(runStarted(), entered(1, 'Plan'), exited(1), entered(2, 'Plan'));
    expect(shown.steps.map(({ status }) => status)).toEqual(['succeeded', 'waiting']);
  });

  test('of an aborted frame is cancelled, and only that', () => {
    const aborted: RunEvent = { type: 'FrameAborted', data: { frame: 1, reason: 'a sibling failed' } };
    const shown = view(runStarted(), entered(1, 'Both'), entered(2, 'Plan', 1), entered(3, 'Code', 2), aborted);
    expect(shown.steps).toMatchObject([
      { state: 'Plan', status: 'cancelled' },
      { state: 'Code', status: 'waiting' },
    ]);
    expect(shown.currentStates).toEqual(['Both', 'Code']);
  });

  test('never lasted less than no time, although the hub’s clock was set back', () => {
    const meta = { runId: RUN_ID, position: 9 };
    const before = evolveRunView(fold(runStarted()), entered(1, 'Plan'), {
      ...meta,
      version: 2,
      recordedAt: '2026-01-01T00:00:09.000Z',
    });
    const after = evolveRunView(before, exited(1), { ...meta, version: 3, recordedAt: '2026-01-01T00:00:05.000Z' });
    expect(viewOf(after).steps).toMatchObject([{ durationMs: 0 }]);
  });
});

test('a state without a number is current but no step', () => {
  expect(view(runStarted(), entered(1, 'Both'))).toMatchObject({ currentStates: ['Both'], steps: [], step: null });
});

test('a state called like something every object inherits is still no step', () => {
  expect(view(runStarted(), entered(1, 'constructor'), entered(2, '__proto__'))).toMatchObject({
    steps: [],
    phase: null,
  });
});

describe('usage', () => {
  const usage = (costUsd: number | null, tokens = 10): Usage => ({
    inputTokens: tokens,
    outputTokens: tokens,
    costUsd,
  });
  const sum = (...parts: readonly Usage[]) =>
    view(runStarted(), ...parts.map((part) => succeeded(1, { usage: part }))).usage;

  test('is the sum of every task’s', () => {
    expect(sum(usage(0.5), usage(0.25, 5))).toEqual({ inputTokens: 15, outputTokens: 15, costUsd: 0.75 });
  });
  test('is exact, however many parts it has', () => {
    const cents = Array.from({ length: 200 }, () => usage(0.01));
    expect(sum(...cents).costUsd).toBe(2);
    expect(sum(usage(0.1), usage(0.2)).costUsd).toBe(0.3);
  });
  test('has no cost once a part of it has no known price', () => {
    expect(sum(usage(0.5), usage(null), usage(0.5)).costUsd).toBeNull();
  });
  test('keeps its cost when a part without a price used no tokens', () => {
    expect(sum(usage(0.5), usage(null, 0)).costUsd).toBe(0.5);
  });
  test('counts failed tasks too, and each model once', () => {
    const paid: RunEvent = { type: 'TaskFailed', data: { ...failedData, usage: usage(1), model: 'm1' } };
    const shown = view(runStarted(), paid, succeeded(1, { model: 'm2' }), succeeded(1, { model: 'm1' }));
    expect(shown.usage.costUsd).toBe(1);
    expect(shown.models).toEqual(['m1', 'm2']);
  });
  const failedData = { visit: 1, commandId, error: 'E', cause: 'c', retryable: true };
});

describe('decisions', () => {
  const made = (facts: Parameters<typeof decision>[0]): RunEvent => ({
    type: 'DecisionMade',
    data: { decision: decision(facts) },
  });

  test('count by source, and bring rounds and scores', () => {
    const shown = view(
      runStarted(),
      made({ phase: 'plan', round: 1, scores: { alignment: 7 } }),
      made({ phase: 'plan', round: 2, scores: { alignment: 9 }, source: 'human' }),
      made({ phase: null, round: null, scores: null }),
    );
    expect(shown.decisions).toEqual({ mode: 'programmatic', total: 3, bySource: { programmatic: 2, human: 1 } });
    expect(shown.rounds).toEqual({ plan: 2 });
    expect(shown.scores).toEqual([
      { phase: 'plan', round: 1, scores: { alignment: 7 } },
      { phase: 'plan', round: 2, scores: { alignment: 9 } },
    ]);
  });
});

describe('the end', () => {
  test('of a success keeps how far the run came', () => {
    const shown = view(runStarted(), entered(1, 'Plan'), exited(1), { type: 'RunSucceeded', data: { output: {} } });
    expect(shown).toMatchObject({
      status: 'succeeded',
      phase: 'plan',
      step: 1,
      endedAt: '2026-01-01T00:00:03.000Z',
      error: null,
    });
  });
  test('of a failure says why', () => {
    expect(view(runStarted(), { type: 'RunFailed', data: { error: 'E', cause: 'because' } })).toMatchObject({
      status: 'failed',
      error: 'E',
      cause: 'because',
    });
  });
  test('of a cancelled run cancels what was still open', () => {
    const shown = view(runStarted(), entered(1, 'Plan'), {
      type: 'RunCancelled',
      data: { reason: 'enough', requestId: 'r' },
    });
    expect(shown).toMatchObject({
      status: 'cancelled',
      cause: 'enough',
      currentStates: [],
      steps: [{ status: 'cancelled', durationMs: 1000 }],
    });
  });
});

describe('an event that is not the one that follows', () => {
  const meta = { runId: RUN_ID, position: 1, recordedAt: '2026-01-01T00:00:00.000Z' };
  test.each([
    ['a gap', () => evolveRunView(fold(runStarted()), entered(1, 'Plan'), { ...meta, version: 3 })],
    ['a repetition', () => evolveRunView(fold(runStarted(), entered(1, 'Plan')), exited(1), { ...meta, version: 2 })],
    [
      'a run that does not begin with its start',
      () => evolveRunView(null, entered(1, 'Plan'), { ...meta, version: 1 }),
    ],
    ['a second start', () => evolveRunView(fold(runStarted()), runStarted(), { ...meta, version: 2 })],
  ])('%s is refused loudly', (_, act) => {
    expect(act).toThrowError(expect.objectContaining({ code: 'run-out-of-order' }));
    expect(act).toThrowError(BatonError);
  });
});
