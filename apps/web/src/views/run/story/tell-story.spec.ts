import { expect, test } from 'vitest';
import { eventsOf } from '../testing/events.js';
import { tellStory } from './tell-story.js';

const T0 = Date.parse('2026-11-28T06:00:00.000Z');
const entered = (visit: number, state: string, frame = 0) => [0, 'StateEntered', { visit, frame, state }] as const;
const task = (commandId: string, visit: number, attempt = 1) =>
  [1_000, 'TaskScheduled', { visit, commandId, resource: 'baton:worker:planner', attempt }] as const;

test('each attempt is told of by itself, with what it failed with and when the next one may begin', () => {
  const notBefore = new Date(T0 + 4_000).toISOString();
  const { visits, attempts } = tellStory(
    eventsOf(
      entered(0, 'Plan'),
      task('c1', 0),
      [2_000, 'TaskFailed', { visit: 0, commandId: 'c1', error: 'Weather', cause: 'rain' }],
      [2_000, 'StateRetried', { visit: 0, retrier: 0, error: 'Weather', cause: 'rain', notBefore }],
      [2_000, 'TaskScheduled', { ...task('c2', 0, 2)[2], notBefore }],
      [6_000, 'TaskSucceeded', { visit: 0, commandId: 'c2', model: 'offline' }],
      [6_000, 'StateExited', { visit: 0, next: null }],
    ),
  );
  expect(visits).toMatchObject([{ state: 'Plan', ordinal: 1, leftMs: T0 + 6_000 }]);
  expect(attempts).toMatchObject([
    {
      ...{ kind: 'task', about: 'planner', attempt: 1, status: 'failed', error: 'Weather', cause: 'rain' },
      version: 2,
    },
    {
      ...{ attempt: 2, status: 'succeeded', scheduledMs: T0 + 2_000, startMs: T0 + 4_000, endMs: T0 + 6_000 },
      ...{ model: 'offline', endVersion: 6 },
    },
  ]);
});

test('people, signals, child runs and timers are told apart', () => {
  const asked = (commandId: string, resource: string) =>
    [0, 'TaskScheduled', { visit: 0, commandId, resource, attempt: 1 }] as const;
  const { attempts } = tellStory(
    eventsOf(
      entered(0, 'All'),
      asked('c1', 'baton:approval'),
      asked('c2', 'baton:signal:go'),
      asked('c3', 'baton:workflow:seven-step'),
      [0, 'TimerScheduled', { visit: 0, commandId: 'c4', dueAt: new Date(T0 + 9_000).toISOString() }],
      [5_000, 'ApprovalDecided', { visit: 0, commandId: 'c1', decision: 'reject' }],
    ),
  );
  expect(attempts).toMatchObject([
    { kind: 'person', status: 'failed', endMs: T0 + 5_000 },
    { kind: 'signal', about: 'go', status: 'open' },
    { kind: 'run', about: 'seven-step' },
    { kind: 'timer', startMs: T0, notBeforeMs: T0 + 9_000 },
  ]);
});

test('branches and items are within the state that began them, with what became of each', () => {
  const { visits } = tellStory(
    eventsOf(
      entered(0, 'Each'),
      [0, 'MapStarted', { visit: 0, items: ['a', { name: 'b' }, { x: 1 }] }],
      [0, 'FrameStarted', { frame: 1, parent: { visit: 0, branch: 0 } }],
      [0, 'FrameStarted', { frame: 2, parent: { visit: 0, branch: 1 } }],
      entered(1, 'Do', 1),
      entered(2, 'Do', 2),
      [1_000, 'StateExited', { visit: 1, next: null }],
      [1_000, 'FrameEnded', { frame: 1 }],
      [1_000, 'StateFailed', { visit: 2, error: 'E', cause: '' }],
      [1_000, 'FrameAborted', { frame: 2, reason: 'the state Do failed', isTolerated: true }],
    ),
  );
  expect(visits).toMatchObject([
    {
      items: ['a', 'b', null],
      frames: [
        { branch: 0, outcome: 'succeeded' },
        { branch: 1, outcome: 'failed' },
      ],
    },
  ]);
});

test('a retry goes on with the visits of before, and one whose number it gives out again stays in the story', () => {
  const carry = { state: { frames: [{ frame: 0, parent: null }], visits: [{ visit: 0, frame: 0, state: 'Plan' }] } };
  const { visits, attempts, pauses } = tellStory(
    eventsOf(
      entered(0, 'Plan'),
      task('c1', 0),
      [2_000, 'TaskSucceeded', { visit: 0, commandId: 'c1' }],
      [2_000, 'StateExited', { visit: 0, next: 'Code' }],
      [2_000, 'StateEntered', { visit: 1, frame: 0, state: 'Code' }],
      [2_000, 'StateFailed', { visit: 1, error: 'E', cause: '' }],
      [2_000, 'RunFailed', { error: 'E', cause: '' }],
      [9_000, 'RunRetried', { version: 3, carry }],
      [9_000, 'StateExited', { visit: 0, next: 'Code' }],
      [9_000, 'StateEntered', { visit: 1, frame: 0, state: 'Code' }],
      [9_000, 'TaskScheduled', { ...task('c2', 1)[2] }],
    ),
  );
  expect(visits.map(({ state, ordinal }) => [state, ordinal])).toEqual([
    ['Plan', 1],
    ['Code', 1],
    ['Code', 2],
  ]);
  expect(attempts).toMatchObject([{ state: 'Plan' }, { state: 'Code', status: 'open' }]);
  expect(pauses).toEqual([{ fromMs: T0 + 2_000, toMs: T0 + 9_000 }]);
});

test('a fork begins with what it took over', () => {
  const carry = { state: { frames: [{ frame: 0, parent: null }], visits: [{ visit: 7, frame: 0, state: 'Plan' }] } };
  const { visits } = tellStory(eventsOf([0, 'RunForked', { from: { runId: 'x', version: 9 }, carry }], task('c1', 7)));
  expect(visits).toMatchObject([{ visit: 7, state: 'Plan', attempts: [{ state: 'Plan', status: 'open' }] }]);
});

test('what was open when the run ended is over, and states that took no time are counted', () => {
  const story = tellStory(
    eventsOf(entered(0, 'Pass'), [0, 'StateExited', { visit: 0, next: 'Plan' }], entered(1, 'Plan'), task('c1', 1), [
      3_000,
      'RunCancelled',
      { reason: '' },
    ]),
  );
  expect(story).toMatchObject({ instantVisits: 1, attempts: [{ status: 'cancelled', endMs: T0 + 3_000 }] });
});

test('a log of sixty thousand events is told in a moment', () => {
  const told = Array.from({ length: 10_000 }, (_, visit) => {
    const commandId = `c${visit}`;
    return [
      [visit, 'FrameStarted', { frame: visit + 1, parent: { visit: -2, branch: visit } }] as const,
      [visit, 'StateEntered', { visit, frame: visit + 1, state: 'Do' }] as const,
      [visit, 'TaskScheduled', { visit, commandId, resource: 'baton:worker:x', attempt: 1 }] as const,
      [visit + 100, 'TaskSucceeded', { visit, commandId }] as const,
      [visit + 100, 'StateExited', { visit, next: null }] as const,
      [visit + 100, 'FrameEnded', { frame: visit + 1 }] as const,
    ];
  }).flat();
  const events = eventsOf(...told);
  expect(() => expect(tellStory(events).attempts).toHaveLength(10_000)).toComputeWithin(500);
});
