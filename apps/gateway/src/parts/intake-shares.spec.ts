import { expect, test } from 'vitest';
import { intakeShares } from './intake-shares.js';

const ada = { type: 'user', id: 'ada' } as const;
const key = { type: 'apikey', id: 'ci', person: 'user:ada' } as const;
const bo = { type: 'user', id: 'bo' } as const;

test('what somebody submits beyond a share goes behind what others submit', () => {
  let nowMs = 0;
  const { urgencyFor } = intakeShares(() => nowMs);
  const ofAda = Array.from({ length: 10_000 }, () => urgencyFor(ada));
  expect(ofAda.filter((urgency) => urgency === 0)).toHaveLength(50);
  expect(urgencyFor(bo)).toBe(0);
  // All credentials of one person have one share.
  expect(urgencyFor(key)).toBe(2);
  nowMs += 100;
  expect([urgencyFor(key), urgencyFor(ada)]).toEqual([0, 2]);
});
