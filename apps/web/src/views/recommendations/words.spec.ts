import { expect, test } from 'vitest';
import { backtestInWords, changeInWords, effectInWords, policyFile, windowInWords } from './words.js';

const interval = { low: -0.5, high: 1.5 };

test('an effect is said with its interval, which does not go below nothing', () => {
  const costUsd = { mean: 0.5, interval, n: 12 };
  expect(effectInWords({ per: 'run', costUsd, ms: null, text: 'Less.' })).toBe(
    '$0.50 ($0 to $1.50, n 12) a run. Less.',
  );
  expect(effectInWords({ per: 'retry', costUsd: null, ms: { mean: 3_000, interval: null, n: 1 }, text: 'So.' })).toBe(
    '3.0 s (of one) a retry. So.',
  );
  expect(effectInWords({ per: 'decision', costUsd: null, ms: null, text: 'Nothing.' })).toBe('Nothing.');
});

test('a change is said as it is typed', () => {
  expect(changeInWords({ in: 'setting', name: 'BATON_MODEL_PLANNER', value: 'm' })).toBe('BATON_MODEL_PLANNER=m');
  const patch = { op: 'replace' as const, path: '/definition/States/Good/Default', value: 'Done' };
  expect(changeInWords({ in: 'workflow', workflow: 'w', version: '1', ...patch })).toBe(JSON.stringify(patch));
});

test('over what it is, and what a policy would have changed', () => {
  const window = { workflow: null, since: null, until: '', runs: 2, decisions: 1_234, runsRead: 3, isCut: true };
  expect(windowInWords(window)).toBe('Over 1,234 decisions of 2 runs and 3 runs as a whole. Older ones were left out.');
  expect(windowInWords({ ...window, runsRead: 0, isCut: false })).toBe('Over 1,234 decisions of 2 runs.');
  const tried = { workflow: 'w', since: null, until: '', runs: 2, decisions: 9, counts: {}, differing: 3, first: 1 };
  expect(backtestInWords(tried)).toBe('3 of 9 decisions in 2 runs would differ, 1 of them as the first of their run.');
  expect(backtestInWords({ ...tried, differing: 0 })).toBe('0 of 9 decisions in 2 runs would differ.');
});

test('a policy is a file whose comment ends where its line does', () => {
  expect(policyFile({ id: 'ab', title: 'one\ntwo', policy: { mode: 'llm' } })).toBe(
    '# ab: one two\n{\n  "mode": "llm"\n}\n',
  );
});
