import { expect, test } from 'vitest';
import { parseLimits, readLimitsFile } from './limits-file.js';

test.each([
  ['no JSON', '{ runs: 1 }', /is no JSON/],
  [
    'a misspelt member',
    '{"runs":{"perSubmiter":5}}',
    /runs\.perSubmiter is not known here; did you mean "perSubmitter"\?/,
  ],
  [
    'a number with a fraction',
    '{"runs":{"workflows":{"seven-step":1.5}}}',
    /runs\.workflows\.seven-step must be a whole number/,
  ],
  ['less than nothing', '{"runs":{"atOnce":-1}}', /runs\.atOnce must be at least 0/],
  ['a model that may never be asked', '{"models":{"each":{"atOnce":0}}}', /models\.each\.atOnce must be at least 1/],
  ['a part that says nothing', '{"runs":{}}', /runs says nothing/],
  ['nothing at all', '{}', /all of it says nothing/],
])('a file of limits with %s is refused with its place', (_, text, reason) => {
  expect(() => parseLimits(text, 'limits.json')).toThrow(reason);
});

test('a file that is not there is refused with what to do', async () => {
  await expect(readLimitsFile('/no/such/limits.json')).rejects.toMatchObject({
    code: 'limits-unreadable',
    next: expect.stringContaining('BATON_LIMITS'),
  });
});

test('limits of one kind alone are limits', () => {
  const policy = { models: { named: { 'claude-opus-5-5': { tokensPerMinute: 400_000 } } } };
  expect(parseLimits(JSON.stringify(policy), 'limits.json')).toEqual(policy);
});
