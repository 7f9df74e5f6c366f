import { expect, test } from 'vitest';
import type { Actor } from './intake.js';
import { isSameActor, mayBeOnePerson, personOf } from './persons.js';

const ada: Actor = { type: 'user', id: 'ada', via: 'oidc' };
const key = (id: string, more: Partial<Actor> = {}): Actor => ({ type: 'apikey', id, ...more });

test.each<[string, Actor, Actor, boolean]>([
  ['a user and herself, whatever the way', ada, { type: 'user', id: 'ada' }, true],
  ['two users', ada, { type: 'user', id: 'bob' }, false],
  ['a user and a key that is hers', ada, key('laptop', { person: 'user:ada' }), true],
  ['two keys of one user', key('laptop', { person: 'user:ada' }), key('ci', { person: 'user:ada' }), true],
  ['two keys that are nobody else’s', key('ci'), key('laptop'), false],
  ['a key and itself', key('ci'), key('ci'), true],
  ['a key and a user with its name', key('ada'), ada, false],
  ['a user and a key that she made for another', ada, key('bob', { person: 'user:bob', knownTo: ['user:ada'] }), true],
  [
    'two keys that one person made for two others',
    key('bob', { person: 'user:bob', knownTo: ['user:ada'] }),
    key('eve', { person: 'user:eve', knownTo: ['user:ada'] }),
    true,
  ],
])('%s: may be one person? %#', (_, one, other, expected) => {
  expect(mayBeOnePerson(one, other)).toBe(expected);
  expect(mayBeOnePerson(other, one)).toBe(expected);
});

test('who an actor is, is the owner of the key, and not who else has seen it', () => {
  expect(personOf(key('bob', { person: 'user:bob', knownTo: ['user:ada'] }))).toBe('user:bob');
  expect(personOf(key('ci'))).toBe('apikey:ci');
});

test('an actor is the same by its type and id alone, whoever owns its credential', () => {
  expect(isSameActor(key('ada'), key('ada', { person: 'user:ada' }))).toBe(true);
  expect(isSameActor(key('ada'), ada)).toBe(false);
  expect(isSameActor(key('ada'), key('bob'))).toBe(false);
});
