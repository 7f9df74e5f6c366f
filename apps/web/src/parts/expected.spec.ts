import { expect, test } from 'vitest';
import { expectedInWords, outlookInWords } from './expected.js';

const known = {
  ...{ status: 'known' as const, from: 'workflow' as const, sampleSize: 43, costSampleSize: 0, costUsd: null },
  durationMs: { p10: 60_000, p50: 120_000, p90: 300_000 },
  success: { rate: 0.8, low: 0.66, high: 0.9, succeeded: 34, sampleSize: 43 },
};

test('what is expected is said with its sample', () => {
  expect(expectedInWords(known)).toBe(
    '2 min (1 min to 5 min); cost not known; succeeds in 80 % (66 % to 90 %); from 43 runs of this workflow',
  );
  expect(expectedInWords({ ...known, from: 'version-and-size', costUsd: { p10: 0.5, p50: 1, p90: 2 } })).toContain(
    '; $1.00 ($0.50 to $2.00); succeeds in 80 % (66 % to 90 %); from 43 runs of this version',
  );
  expect(expectedInWords({ status: 'not-enough', sampleSize: 3, needed: 9 })).toMatch(/^not known: 3 of 9 runs/);
});

test('what is left of a run is said by what it was like', () => {
  const under = { ...known, elapsedMs: 30_000, endsInMs: known.durationMs, visit: 1, state: 'Code' };
  expect(outlookInWords({ ...under, given: 'step' })).toMatchObject({
    short: '2 min (1 min to 5 min) more',
    long: expect.stringMatching(/that were in Code for as long$/),
  });
  expect(outlookInWords({ ...under, given: 'elapsed' })?.long).toMatch(/that took as long$/);
  expect(outlookInWords({ status: 'beyond-history', elapsedMs: 1, longer: 2, sampleSize: 40 })).toEqual({
    ...{ short: 'longer than usual', long: '2 of 40 runs took as long as this one by now' },
  });
  expect(outlookInWords({ status: 'not-comparable', why: 'forked' })).toBeNull();
});
