import { conditionInWords, type StepCondition } from '@baton/contracts';
import { expect, test } from 'vitest';
import { conditionOf } from './step-arguments.js';

test.each<[StepCondition['is'], string, string]>([
  ['equal', '"angry"', 'Mood.of.all = "angry"'],
  ['not-equal', '"angry"', 'Mood.of.all != "angry"'],
  ['less', '5', 'Mood.of.all < 5'],
  ['at-most', '5', 'Mood.of.all <= 5'],
  ['more', '5', 'Mood.of.all > 5'],
  ['at-least', '5', 'Mood.of.all >= 5'],
  ['contains', '"refund (now), please"', 'Mood.of.all contains "refund (now), please"'],
  ['empty', '', 'Mood.of.all is empty'],
  ['not-empty', '', 'Mood.of.all is not empty'],
  ['otherwise', '', 'true'],
])('%s is told as a person reads it', (is, than, words) => {
  const condition = conditionOf({ choice: 'Ways', is, from: 'step', value: 'Mood.of.all', than });
  expect(conditionInWords(condition)).toBe(words);
});

test('a condition that somebody wrote keeps its form', () => {
  expect(conditionInWords('{% $A.b > 3 and $sum($A.c) = 2 %}')).toBe('A.b > 3 and sum(A.c) = 2');
});
