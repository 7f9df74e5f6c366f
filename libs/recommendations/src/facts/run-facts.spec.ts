import type { RunEvent, RunEventOf } from '@baton/workflow';
import { expect, test } from 'vitest';
import { RUN_ID } from '../testing/recorded.js';
import { RunFold } from './run-facts.js';

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 28) + seconds * 1_000).toISOString();

function fold(events: readonly (RunEvent | { readonly atSeconds: number })[]) {
  const run = new RunFold(RUN_ID);
  let seconds = 0;
  let version = 0;
  for (const each of events) {
    if ('atSeconds' in each) {
      seconds = each.atSeconds;
      continue;
    }
    version += 1;
    run.next(each, { version, recordedAt: at(seconds) });
  }
  return run.finish();
}

const entered = (visit: number, state: string): RunEvent => ({
  type: 'StateEntered',
  data: { visit, frame: 0, state },
});
const scheduled = (visit: number, commandId: string, attempt = 1, notBefore: string | null = null): RunEvent => ({
  type: 'TaskScheduled',
  data: {
    ...{ visit, commandId, resource: 'baton:worker:planner', arguments: {}, attempt, notBefore },
    ...{ deadline: null, heartbeatSeconds: null },
  },
});
const failed = (visit: number, commandId: string, costUsd: number | null = 0): RunEventOf<'TaskFailed'> => ({
  type: 'TaskFailed',
  data: {
    ...{ visit, commandId, error: 'Flaky', cause: '', retryable: true },
    usage: { inputTokens: 1, outputTokens: 1, costUsd },
  },
});
const succeeded = (visit: number, commandId: string, model?: string): RunEvent => ({
  type: 'TaskSucceeded',
  data: {
    ...{ visit, commandId, output: {}, usage: { inputTokens: 1, outputTokens: 1, costUsd: 0.5 } },
    ...(model === undefined ? {} : { model }),
  },
});
const again = (visit: number, error = 'Flaky'): RunEvent => ({
  type: 'StateRetried',
  data: { visit, retrier: 0, error, cause: '', notBefore: at(10) },
});

test('a retry is what a retrier gave, from when it could begin, and what it was for', () => {
  const { retries, steps } = fold([
    entered(1, 'Plan'),
    scheduled(1, 'c1'),
    failed(1, 'c1', 0.1),
    again(1),
    scheduled(1, 'c2', 2, at(10)),
    { atSeconds: 14 },
    failed(1, 'c2', 0.2),
    again(1, 'Other'),
    scheduled(1, 'c3', 3),
    { atSeconds: 15 },
    succeeded(1, 'c3', 'm1'),
  ]);
  expect(retries).toEqual([
    { state: 'Plan', error: 'Flaky', hasHelped: false, microUsd: 200_000, ms: 4_000, version: 6 },
    { state: 'Plan', error: 'Other', hasHelped: true, microUsd: 500_000, ms: 1_000, version: 9 },
  ]);
  expect(steps.get('Plan')).toEqual({
    ...{ agent: 'planner', models: new Set(['m1']), microUsd: 800_000, hasUnknownPrice: false, hasUnknownModel: true },
  });
});

test('a task that is sent again for another reason is no retry, and an unknown price stays unknown', () => {
  const { retries, steps } = fold([
    entered(1, 'Plan'),
    scheduled(1, 'c1'),
    failed(1, 'c1', null),
    scheduled(1, 'c2'),
    succeeded(1, 'c2'),
  ]);
  expect(retries).toEqual([]);
  expect(steps.get('Plan')?.hasUnknownPrice).toBe(true);
});

test('the model of a task that failed for good is one of the step, and an attempt that named none is known to be so', () => {
  const withModel: RunEvent = { type: 'TaskFailed', data: { ...failed(1, 'c1').data, model: 'm2' } };
  const ended: RunEvent = { type: 'RunFailed', data: { error: 'Flaky', cause: '' } };
  const { steps, hasSucceeded } = fold([entered(1, 'Plan'), scheduled(1, 'c1'), withModel, ended]);
  expect(hasSucceeded).toBe(false);
  expect(steps.get('Plan')).toMatchObject({ models: new Set(['m2']), hasUnknownModel: false });
  const late: RunEvent = { type: 'TaskTimedOut', data: { visit: 1, commandId: 'c1', error: 'States.Timeout' } };
  for (const attempt of [late, failed(1, 'c1')]) {
    const step = fold([entered(1, 'Plan'), scheduled(1, 'c1'), attempt, scheduled(1, 'c2'), succeeded(1, 'c2', 'm1')]);
    expect(step.steps.get('Plan')).toMatchObject({ models: new Set(['m1']), hasUnknownModel: true });
  }
});

test('events of visits and commands that began before its log say nothing', () => {
  expect(fold([succeeded(9, 'c9'), failed(8, 'c8')]).steps.size).toBe(0);
});

test('how a run came out is its last end; one that goes on, or was cancelled, has none', () => {
  const ended: RunEvent = { type: 'RunFailed', data: { error: 'x', cause: 'y' } };
  expect(fold([ended]).hasSucceeded).toBe(false);
  expect(fold([ended, { type: 'RunSucceeded', data: { output: {} } }]).hasSucceeded).toBe(true);
  expect(fold([]).hasSucceeded).toBeNull();
});

test('of each person the newest rating of each thing counts, and one of a state is about no score', () => {
  const rated = (id: string, score: number, about: object = {}): RunEvent => ({
    type: 'RunRated',
    data: { requestId: `${id}-${score}`, score, note: '', by: { type: 'user', id }, ...about },
  });
  const { ratings } = fold([
    rated('ada', 1),
    rated('ada', 5),
    rated('bob', 2),
    rated('ada', 3, { decisionId: 'd1' }),
    rated('ada', 1, { state: 'Plan' }),
  ]);
  expect(ratings).toEqual([
    { score: 5, decisionId: null },
    { score: 2, decisionId: null },
    { score: 3, decisionId: 'd1' },
  ]);
});
