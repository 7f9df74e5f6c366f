import { expect, test } from 'vitest';
import { keyInForm } from './key-in-form.js';

function form(entries: readonly (readonly [string, string])[]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) data.append(name, value);
  return data;
}

test('what is empty in the form is not asked for', () => {
  const entries = [
    ['name', ' ci '],
    ['roles', 'viewer'],
    ['workflows', ' , '],
    ['for', ''],
    ['days', ''],
  ] as const;
  expect(keyInForm(form(entries))).toEqual({ name: 'ci', roles: ['viewer'] });
});

test('roles, workflows, person and days are those of the form', () => {
  const roles = [
    ['roles', 'admin'],
    ['roles', 'submitter'],
    ['roles', 'no-such-role'],
  ] as const;
  const others = [
    ['name', 'ci'],
    ['workflows', 'a, b'],
    ['for', 'ann@example.org'],
    ['days', '30'],
  ] as const;
  expect(keyInForm(form([...roles, ...others]))).toEqual({
    name: 'ci',
    roles: ['submitter', 'admin'],
    scope: { workflows: ['a', 'b'] },
    for: 'ann@example.org',
    expiresInSeconds: 2_592_000,
  });
});
