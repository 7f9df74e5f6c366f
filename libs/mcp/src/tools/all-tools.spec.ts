import { Role } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { isOffered } from '../tool.js';
import { ALL_TOOLS } from './all-tools.js';

const offeredTo = (...roles: Role[]): readonly string[] =>
  ALL_TOOLS.filter((tool) => isOffered(tool, { actor: { type: 'apikey', id: 'a' }, roles })).map(({ name }) => name);

describe('what is offered', () => {
  test('to whoever may look, is what changes nothing', () => {
    const changing = ALL_TOOLS.filter(({ effect }) => effect !== 'looks').map(({ name }) => name);
    expect(offeredTo('viewer').filter((name) => changing.includes(name))).toEqual([]);
  });

  test('to nobody but an approver, is to decide: whoever administers has not said that programs may', () => {
    const deciding = Role.options.filter((role) => offeredTo(role).includes('decide_approval'));
    expect(deciding).toEqual(['approver']);
  });

  test('to an admin, is all else', () => {
    expect(ALL_TOOLS.map(({ name }) => name).filter((name) => !offeredTo('admin').includes(name))).toEqual([
      'decide_approval',
    ]);
  });

  test('to somebody without a role, is nothing', () => expect(offeredTo()).toEqual([]));
});

test('names are short and each is there once; descriptions say something in a few sentences', () => {
  const names = ALL_TOOLS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, description } of ALL_TOOLS) {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect([name, description.length > 20 && description.length < 600]).toEqual([name, true]);
  }
});
