import { expect, test } from 'vitest';
import { analyseConvergence } from './convergence.js';

const rounds = (...alignment: number[]) => alignment.map((score) => ({ alignment: score, compatibility: 9 }));

test('a first round has nothing to be compared with', () => {
  expect(analyseConvergence(rounds(3), 1, 5)).toEqual({ issues: [], unusual: [] });
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
  expect(analyseConvergence([{ alignment: 7 }, { compatibility: 2 }], 2, 5)).toEqual({ issues: [], unusual: [] });
});
