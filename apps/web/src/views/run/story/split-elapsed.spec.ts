import { expect, test } from 'vitest';
import { eventsOf } from '../testing/events.js';
import { splitElapsed } from './split-elapsed.js';
import { tellStory } from './tell-story.js';

const T0 = Date.parse('2026-11-28T06:00:00.000Z');

const known = (takenMs: (commandId: string) => number | null | undefined, modelMs = (_: string) => 0) => ({
  takenMs,
  modelMs,
});

test('each moment counts once: work before the queue before people, and all of it adds up', () => {
  const story = tellStory(
    eventsOf(
      [0, 'RunStarted', {}],
      [0, 'StateEntered', { visit: 0, frame: 0, state: 'Plan' }],
      [0, 'TaskScheduled', { visit: 0, commandId: 'c1', resource: 'baton:worker:planner', attempt: 1 }],
      [10_000, 'TaskSucceeded', { visit: 0, commandId: 'c1' }],
      [10_000, 'StateExited', { visit: 0, next: 'Ask' }],
      [11_000, 'StateEntered', { visit: 1, frame: 0, state: 'Ask' }],
      [11_000, 'TaskScheduled', { visit: 1, commandId: 'c2', resource: 'baton:approval', attempt: 1 }],
      [15_000, 'TaskScheduled', { visit: 1, commandId: 'c3', resource: 'baton:worker:x', attempt: 1 }],
      [17_000, 'TaskSucceeded', { visit: 1, commandId: 'c3' }],
    ),
  );
  const taken = (commandId: string) => (commandId === 'c1' ? T0 + 3_000 : undefined);
  expect(splitElapsed(story, known(taken), T0, T0 + 20_000)).toEqual({
    ...{ model: 0, queue: 3_000, work: 9_000, people: 7_000, wait: 0, paused: 0, rest: 1_000 },
  });
});

test('a task that no worker has taken is in its queue to this moment, and a retry that is not due waits', () => {
  const notBefore = new Date(T0 + 5_000).toISOString();
  const story = tellStory(
    eventsOf(
      [0, 'StateEntered', { visit: 0, frame: 0, state: 'Plan' }],
      [0, 'TaskScheduled', { visit: 0, commandId: 'c1', resource: 'baton:worker:planner', attempt: 2, notBefore }],
    ),
  );
  expect(
    splitElapsed(
      story,
      known(() => null),
      T0,
      T0 + 8_000,
    ),
  ).toMatchObject({ wait: 5_000, queue: 3_000, work: 0 });
});

test('a pause counts where nothing else is under way', () => {
  const story = tellStory(
    eventsOf(
      [0, 'StateEntered', { visit: 0, frame: 0, state: 'Plan' }],
      [0, 'TaskScheduled', { visit: 0, commandId: 'c1', resource: 'baton:worker:planner', attempt: 1 }],
      [1_000, 'RunPaused', {}],
      [2_000, 'TaskSucceeded', { visit: 0, commandId: 'c1' }],
      [5_000, 'RunResumed', {}],
    ),
  );
  expect(
    splitElapsed(
      story,
      known(() => undefined),
      T0,
      T0 + 5_000,
    ),
  ).toMatchObject({ work: 2_000, paused: 3_000 });
});

test('the time of models is taken out of the work of their tasks, once where several ask at the same time, and never beyond it', () => {
  const story = tellStory(
    eventsOf(
      [0, 'StateEntered', { visit: 0, frame: 0, state: 'Both' }],
      [0, 'TaskScheduled', { visit: 0, commandId: 'c1', resource: 'baton:worker:x', attempt: 1 }],
      [0, 'TaskScheduled', { visit: 0, commandId: 'c2', resource: 'baton:worker:x', attempt: 1 }],
      [0, 'TaskScheduled', { visit: 0, commandId: 'c3', resource: 'baton:worker:x', attempt: 1 }],
      [6_000, 'TaskSucceeded', { visit: 0, commandId: 'c1' }],
      [8_000, 'TaskSucceeded', { visit: 0, commandId: 'c2' }],
      [10_000, 'TaskSucceeded', { visit: 0, commandId: 'c3' }],
    ),
  );
  const ofModels: Readonly<Record<string, number>> = { c1: 4_000, c2: 5_000 };
  const split = (extra = 0) =>
    splitElapsed(
      story,
      known(
        () => T0 + 1_000,
        (commandId) => (ofModels[commandId] ?? 0) + extra,
      ),
      T0,
      T0 + 10_000,
    );
  expect(split()).toMatchObject({ queue: 1_000, model: 5_000, work: 4_000, rest: 0 });
  expect(split(60_000)).toMatchObject({ queue: 1_000, model: 9_000, work: 0 });
});
