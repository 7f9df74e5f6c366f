import { expect, test } from 'vitest';
import { forkPoint } from './fork-point.js';

const frame = (more: object) => ({
  ...{ frame: 0, value: { a: 1 }, visit: null, next: null, isDone: false, variables: { rounds: 2 } },
  ...more,
});

test('a visit that is under way is what goes on, with what it was given', () => {
  const visits = [{ visit: 4, state: 'Plan', input: { text: 'x' } }];
  const state = { status: 'running', frames: [frame({ visit: 4 })], visits };
  expect(forkPoint(state)).toEqual({
    variables: { rounds: 2 },
    goesOn: { state: 'Plan', input: { text: 'x' } },
    whyNoInput: null,
  });
});

test('between two states the next one goes on, with what the last one gave', () => {
  const state = { status: 'running', frames: [frame({ next: 'Plan' })], visits: [] };
  expect(forkPoint(state).goesOn).toEqual({ state: 'Plan', input: { a: 1 } });
});

test('where branches are under way, or the run has ended, no input can be given', () => {
  const several = { status: 'running', frames: [frame({ visit: 1 }), frame({ frame: 1 })], visits: [] };
  expect(forkPoint(several)).toMatchObject({ goesOn: null, whyNoInput: expect.stringMatching(/^Several branches/) });
  const ended = { status: 'succeeded', frames: [], visits: [] };
  expect(forkPoint(ended)).toMatchObject({ goesOn: null, whyNoInput: 'The run has ended there.' });
});

test('a state of another version of Baton is nothing to begin with, and no error', () => {
  expect(forkPoint('?')).toEqual({ variables: {}, goesOn: null, whyNoInput: null });
});
