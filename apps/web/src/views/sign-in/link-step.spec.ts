import { expect, test } from 'vitest';
import { linkStep } from './link-step.js';

const ada = { actor: { type: 'user' as const, id: 'ada' } };

test('a link signs in whoever is not signed in, and nobody in the place of somebody else without asking', () => {
  expect(linkStep('a-code', null)).toBe('enter');
  expect(linkStep('a-code', ada)).toBe('ask');
});

test('nothing is done before it is known whether somebody is signed in, nor without a code', () => {
  expect(linkStep('a-code', undefined)).toBe('wait');
  expect([undefined, null, ada].map((session) => linkStep(null, session))).toEqual(['none', 'none', 'none']);
});
