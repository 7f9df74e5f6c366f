import { expect, test } from 'vitest';
import { entriesOf, type MarkedRun, marksOfRun } from './marks-of-run.js';

const run = (over: Partial<MarkedRun>): MarkedRun => ({ currentStates: [], maps: [], rounds: {}, steps: [], ...over });
const step = (state: string, status: 'succeeded' | 'failed' | 'waiting', attempt = 1) => ({
  state,
  status,
  attempt,
  item: null,
});
const entered = (...names: string[]) =>
  names.map((state, place) => ({ version: place + 1, type: 'StateEntered', data: { state } }));

test('a state that is open now is current, whatever came of it before', () => {
  const marks = marksOfRun(
    run({ currentStates: ['Plan'], steps: [step('Plan', 'failed'), step('Plan', 'waiting', 2)] }),
    entriesOf(entered('Plan'), 1),
  );
  expect(marks.get('Plan')).toEqual({ status: 'current', notes: ['attempt 2'] });
});

test('a state is what its newest attempt came to', () => {
  const marks = marksOfRun(run({ steps: [step('Plan', 'failed'), step('Plan', 'succeeded', 2)] }), new Map());
  expect(marks.get('Plan')?.status).toBe('done');
});

test('a state that nobody works in is done when it was entered, and says how often', () => {
  const marks = marksOfRun(run({}), entriesOf(entered('Choose', 'Choose'), 2));
  expect(marks.get('Choose')).toEqual({ status: 'done', notes: ['2 times'] });
});

test('a state that the log is ahead with is not over: the run as it is known has not come to it', () => {
  const marks = marksOfRun(run({ currentStates: ['Plan'] }), entriesOf(entered('Plan', 'Ask'), 1));
  expect(marks.get('Plan')?.status).toBe('current');
  expect(marks.has('Ask')).toBe(false);
});

test('a Map says how many of its items are done, failed and at work', () => {
  const map = {
    state: 'Each',
    item: null,
    total: 9,
    running: 2,
    succeeded: 4,
    failed: 1,
    cancelled: 0,
    startedAt: '',
    endedAt: null,
    failures: [],
  };
  const marks = marksOfRun(run({ currentStates: ['Each'], maps: [map] }), new Map());
  expect(marks.get('Each')?.notes).toEqual(['4 of 9 items', '1 failed', '2 at work']);
});

test('a state that the run did not come to has no mark', () => {
  expect(marksOfRun(run({}), new Map()).has('Later')).toBe(false);
});
