import { expect, test } from 'vitest';
import { filterOf, titleOf } from './only.js';

test('decisions are looked for by the gateway where it can', () => {
  expect(filterOf('escalated')).toEqual({ actionType: 'request_human' });
  expect(filterOf('llm_override')).toEqual({ source: 'llm_override' });
  expect(filterOf('disagreed')).toEqual({});
  expect(filterOf('nonsense')).toEqual({});
});

test('a list of them says which they are', () => {
  expect(titleOf('escalated')).toBe('A person was asked');
  expect(titleOf('human')).toBe('Decided by a person');
  expect(titleOf('disagreed')).toContain('in shadow');
});
