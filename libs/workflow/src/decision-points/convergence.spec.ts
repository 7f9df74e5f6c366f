import { expect, test } from 'vitest';
import { analyseConvergence, heldThresholds } from './convergence.js';

const rounds = (...alignment: number[]) => alignment.map((score) => ({ alignment: score, compatibility: 9 }));

test('a first round has nothing to be compared with', () => {
  expect(analyseConvergence(rounds(3), 1, 5)).toMatchObject({ issues: [], unusual: [], isPlateau: false, fallen: [] });
});

test('a gain of 0.3 in all is progress, less is standing still', () => {
  expect(analyseConvergence(rounds(7, 7.3), 2, 5).issues).toEqual([]);
  expect(analyseConvergence(rounds(7, 7.29), 2, 5).issues).toEqual([
    'the scores gained 0.29 in all since the round before',
  ]);
});

test('the gain counts all dimensions together', () => {
  const before = { alignment: 8, compatibility: 7, standardization: 7 };
  const after = { alignment: 7.5, compatibility: 7.4, standardization: 7.4 };
  expect(analyseConvergence([before, after], 2, 5).issues).toEqual([]);
});

test('a score that falls by a whole point is unusual', () => {
  const before = { alignment: 8, compatibility: 7 };
  expect(analyseConvergence([before, { alignment: 7, compatibility: 9 }], 2, 5).unusual).toEqual([
    'alignment fell by 1',
  ]);
  expect(analyseConvergence([before, { alignment: 7.1, compatibility: 9 }], 2, 5).unusual).toEqual([]);
});

test('scores that swing are unusual, small noise is not', () => {
  expect(analyseConvergence(rounds(7, 8, 7.5), 3, 9).unusual).toEqual(['alignment goes up and down']);
  expect(analyseConvergence(rounds(7, 7.4, 7), 3, 9).unusual).toEqual([]);
  expect(analyseConvergence(rounds(6, 7, 8), 3, 9).unusual).toEqual([]);
});

test('the last round is an issue, one that has no bound is none', () => {
  expect(analyseConvergence(rounds(7), 5, 5).issues).toEqual(['the last of 5 rounds is reached']);
  expect(analyseConvergence(rounds(7), 5, null).issues).toEqual([]);
});

test('a dimension that is new is not compared', () => {
  expect(analyseConvergence([{ alignment: 7 }, { compatibility: 2 }], 2, 5)).toMatchObject({ issues: [], unusual: [] });
});

test.each([
  ['never reached', [8.9, 8.5], 9],
  ['reached in the round before', [9.1], 8.5],
  ['reached, and still within the band', [9, 8.6, 8.5], 8.5],
  ['reached, lost, and not reached again', [9, 8.4, 8.9], 9],
  ['reached, lost, and reached again', [9, 8.4, 9], 8.5],
])('with hysteresis a threshold of 9 that was %s: %j, then %d is enough', (_what, earlier, enough) => {
  const scores = earlier.map((alignment) => ({ alignment }));
  expect(heldThresholds({ alignment: 9 }, scores, 0.5)).toEqual({ alignment: enough });
  expect(heldThresholds({ alignment: 9 }, scores, 0)).toEqual({ alignment: 9 });
});
