import { expect, test } from 'vitest';
import { inOrder, MOST_URGENCY, onRung, RUNGS, URGENCIES, urgencyOf, writtenFrom } from './urgency.js';

const all = Array.from({ length: URGENCIES }, (_, urgency) =>
  Array.from({ length: RUNGS }, (_, rung) => ({ urgency, rung, written: onRung(urgency, rung) })),
).flat();

test('the first rung is written as before there were any', () => {
  expect([0, 1, 2, 3].map((urgency) => onRung(urgency, 0))).toEqual([0, 1, 2, 3]);
  expect(inOrder(0)).toBe(0);
});

test('what a person called more urgent comes first on whatever rung, and of one urgency the lower rung', () => {
  const sorted = all.toSorted((one, other) => inOrder(one.written) - inOrder(other.written));
  expect(sorted).toEqual(all);
  expect(new Set(all.map(({ written }) => inOrder(written))).size).toBe(URGENCIES * RUNGS);
  expect(Math.max(...all.map(({ written }) => written))).toBe(MOST_URGENCY);
});

test('the urgency of a person is read from what is written', () => {
  expect(all.every(({ urgency, written }) => urgencyOf(written) === urgency)).toBe(true);
});

test('the number of an order is turned back to what is written, and one that is none says nothing before it', () => {
  expect(all.map(({ written }) => writtenFrom(inOrder(written)))).toEqual(all.map(({ written }) => written));
  expect(writtenFrom(1_000_000)).toBe(MOST_URGENCY);
});
