import { expect, test } from 'vitest';
import { lifetimeOf, scopeOf, scopeText, secondsOf } from './key-options.js';

test.each([
  ['90d', 7_776_000],
  ['24h', 86_400],
  [' 30 m ', 1_800],
  ['2w', 1_209_600],
  ['0', 0],
])('%s is %i seconds', (text, seconds) => {
  expect(secondsOf('overlap', text)).toBe(seconds);
});

test.each(['', '90', 'd', '-1d', '1.5h', '90 days', '1y', '99999999999d'])('%j is no duration, and says so', (text) => {
  expect(() => secondsOf('expires', text)).toThrow(/no duration/);
});

test('without --expires a key is made to hold for ever', () => {
  expect(lifetimeOf(undefined)).toEqual({});
});

test('scopes are read together and shown as they are written', () => {
  const words = ['workflow=seven-step', 'workflow=refactor', 'label=team=red', 'own'];
  const { scope } = scopeOf(words);
  expect(scope).toEqual({ workflows: ['seven-step', 'refactor'], labels: { team: 'red' }, own: true });
  expect(scope === undefined ? '' : scopeText(scope)).toBe(words.join(' '));
  expect(scopeOf([])).toEqual({});
});

test.each([['all'], ['workflow='], ['workflow=Not A Name'], ['label=team'], ['owner=ada']])(
  '--scope %s is refused with how it is written',
  (word) => {
    expect(() => scopeOf([word])).toThrow(/scope|label/);
  },
);
