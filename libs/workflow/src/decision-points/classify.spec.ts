import { describe, expect, test } from 'vitest';
import { classify, type DecisionFacts, noFacts } from './classify.js';

const scores = { alignment: 9, standardization: 8 };
const classOf = (facts: Partial<DecisionFacts>) => classify({ ...noFacts, ...facts }).classification;

describe('standard', () => {
  test('no error and nothing unusual', () => {
    expect(classify({ ...noFacts, scores, round: 1, maxRounds: 5 })).toEqual({
      classification: 'standard',
      reasons: ['no error and nothing unusual so far'],
    });
  });

  test('low scores alone are not unusual: rounds are there for them', () => {
    expect(classOf({ scores: { alignment: 2 }, thresholds: { alignment: 9 }, failingTools: ['tests'] })).toBe(
      'standard',
    );
  });
});

describe('hybrid', () => {
  test.each<[string, Partial<DecisionFacts>]>([
    ['one error', { errorCount: 1 }],
    ['two errors', { errorCount: 2 }],
    ['a score that fell, while others rose', { scores: { a: 7, b: 9 }, earlierScores: [{ a: 8, b: 7 }] }],
    [
      'scores that swing',
      {
        scores: { a: 7, b: 8 },
        earlierScores: [
          { a: 7, b: 5 },
          { a: 8, b: 6 },
        ],
      },
    ],
  ])('%s', (_what, facts) => {
    expect(classOf(facts)).toBe('hybrid');
  });
});

describe('complex', () => {
  test.each<[string, Partial<DecisionFacts>]>([
    ['three errors', { errorCount: 3 }],
    ['a human is needed', { isHumanNeeded: true }],
    ['a score that could not be read', { scoreProblems: ['the score for alignment is missing'] }],
    ['two rounds without gain', { scores, earlierScores: [scores] }],
    ['the last round', { scores, round: 5, maxRounds: 5 }],
    [
      'scores that pass what a tool fails',
      { scores, thresholds: { alignment: 9, standardization: 8 }, failingTools: ['tests'] },
    ],
  ])('%s', (_what, facts) => {
    const { classification, reasons } = classify({ ...noFacts, ...facts });
    expect(classification).toBe('complex');
    expect(reasons.length).toBeGreaterThan(0);
  });
});

test('a round that nobody was asked to score is ordinary, and one that changed nothing is not', () => {
  expect(classOf({ scores: null, unscored: 'nobody reads it before it compiles' })).toBe('standard');
  expect(classOf({ standstill: 'the tools found the same' })).toBe('complex');
});
