import { expect, test } from 'vitest';
import { tellStory } from '../story/tell-story.js';
import { eventsOf } from '../testing/events.js';
import { busyOf } from './busy.js';
import { foldGaps } from './fold-gaps.js';
import { countsText, rowsOf } from './rows.js';

const options = {
  titleOf: (state: string) => `The ${state}`,
  toggled: new Map<string, boolean>(),
  event: undefined,
  children: new Map(),
};
const task = (commandId: string, visit: number, attempt = 1) =>
  [0, 'TaskScheduled', { visit, commandId, resource: 'baton:worker:x', attempt }] as const;
const entered = (visit: number, state: string, frame = 0) => [0, 'StateEntered', { visit, frame, state }] as const;

test('each attempt has a row, and a state that is entered again says for which time', () => {
  const story = tellStory(
    eventsOf(
      entered(0, 'Plan'),
      task('c1', 0),
      [5, 'TaskFailed', { visit: 0, commandId: 'c1', error: 'E', cause: '' }],
      task('c2', 0, 2),
      [9, 'TaskSucceeded', { visit: 0, commandId: 'c2' }],
      entered(1, 'Plan'),
      task('c3', 1),
    ),
  );
  expect(rowsOf(story, options)).toMatchObject([
    { label: 'The Plan · attempt 1', retry: { commandId: 'c2' } },
    { label: 'The Plan · attempt 2', retry: null },
    { label: 'The Plan (2)', key: 'a7' },
  ]);
});

function mapOf(items: number) {
  const each = Array.from({ length: items }, (_, at) => [
    [0, 'FrameStarted', { frame: at + 1, parent: { visit: 0, branch: at } }] as const,
    entered(at + 1, 'Do', at + 1),
    task(`c${at}`, at + 1),
    [100 + at, 'TaskSucceeded', { visit: at + 1, commandId: `c${at}` }] as const,
    [100 + at, 'FrameEnded', { frame: at + 1 }] as const,
  ]).flat();
  const names = Array.from({ length: items + 1 }, (_, at) => `item-${at}`);
  return eventsOf(entered(0, 'Each'), [0, 'MapStarted', { visit: 0, items: names }], ...each);
}

test('a Map is one row with counts until it is opened, or something in it is looked at', () => {
  const story = tellStory(mapOf(3));
  const [folded, ...others] = rowsOf(story, options);
  expect(others).toEqual([]);
  expect(folded).toMatchObject({ is: 'group', isOpen: false, counts: { total: 4, succeeded: 3 } });
  expect(folded?.is === 'group' ? countsText(folded.counts) : '').toBe('3 of 4 items done');
  const opened = rowsOf(story, { ...options, toggled: new Map([[folded?.key ?? '', true]]) });
  expect(opened.map(({ label, depth }) => [label, depth])).toEqual([
    ['The Each', 0],
    ['#1 item-0 · The Do', 1],
    ['#2 item-1 · The Do', 1],
    ['#3 item-2 · The Do', 1],
  ]);
  expect(rowsOf(story, { ...options, event: 5 })).toHaveLength(4);
});

test('a state that was tried thousands of times has its rows in a moment', () => {
  const tried = Array.from({ length: 10_000 }, (_, at) => [
    task(`c${at}`, 0, at + 1),
    [at, 'TaskFailed', { visit: 0, commandId: `c${at}`, error: 'E', cause: '' }] as const,
  ]).flat();
  const story = tellStory(eventsOf(entered(0, 'Plan'), ...tried));
  expect(() => expect(rowsOf(story, options).at(-1)?.label).toBe('The Plan · attempt 10000')).toComputeWithin(150);
});

test('what happened in a child run that was opened is shown within, as of that run', () => {
  const asked = [0, 'TaskScheduled', { visit: 0, commandId: 'c1', resource: 'baton:workflow:w', attempt: 1 }] as const;
  const story = tellStory(eventsOf(entered(0, 'Sub'), asked));
  expect(rowsOf(story, options)).toMatchObject([{ isOpen: false, inRun: null }]);
  const child = { runId: 'r2', story: tellStory(eventsOf(entered(0, 'Do'), task('d1', 0))) };
  expect(rowsOf(story, { ...options, children: new Map([['c1', child]]), event: 2 })).toMatchObject([
    { label: 'The Sub', isOpen: true, inRun: null },
    { label: 'The Do', depth: 1, inRun: 'r2', key: 'r2a2' },
  ]);
  expect(rowsOf(story, { ...options, children: new Map([['c1', { ...child, story: null }]]) })).toHaveLength(1);
});

test('few branches are shown at once', () => {
  const story = tellStory(
    eventsOf(
      entered(0, 'Both'),
      [0, 'FrameStarted', { frame: 1, parent: { visit: 0, branch: 0 } }],
      [0, 'FrameStarted', { frame: 2, parent: { visit: 0, branch: 1 } }],
      entered(1, 'A', 1),
      task('c1', 1),
      entered(2, 'B', 2),
      task('c2', 2),
    ),
  );
  expect(rowsOf(story, options).map(({ label }) => label)).toEqual(['The Both', 'The A', 'The B']);
});

test('rows and places of ten thousand attempts are there in a moment', () => {
  const story = tellStory(mapOf(10_000));
  const toggled = new Map([['g1', true]]);
  expect(() => {
    expect(rowsOf(story, { ...options, toggled })).toHaveLength(10_001);
    const { placeOf } = foldGaps(busyOf(story, 20_000), { fromMs: story.firstMs ?? 0, toMs: story.lastMs ?? 0 });
    for (const { startMs, endMs } of story.attempts) placeOf(startMs) + placeOf(endMs ?? startMs);
  }).toComputeWithin(150);
});
