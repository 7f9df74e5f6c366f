import { expect, test } from 'vitest';
import { scopeIn, scopeText } from './scope-in.js';

test('nothing typed is no scope', () => {
  expect(scopeIn({ workflows: ' , ', labels: '', isOwn: false })).toBeUndefined();
});

test('workflows and labels are parted by commas or spaces, and a value may hold an equals sign', () => {
  const scope = scopeIn({ workflows: 'a, b', labels: 'team=red q=x=y', isOwn: true });
  expect(scope).toEqual({ workflows: ['a', 'b'], labels: { team: 'red', q: 'x=y' }, own: true });
  expect(scopeText(scope ?? null)).toBe('workflow=a, workflow=b, label=team=red, label=q=x=y, own');
});

test('a key without a scope is for all runs', () => {
  expect(scopeText(null)).toBe('all runs');
});
