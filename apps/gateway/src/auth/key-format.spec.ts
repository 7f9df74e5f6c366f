import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markOfKey, newKey, sha256Of } from './key-format.js';

test('a key is found by its id and its hash', () => {
  const { key, publicId, sha256 } = newKey();
  expect(key).toMatch(/^baton_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
  expect(markOfKey(key)).toEqual({ publicId, sha256 });
  expect(key).toContain(`_${publicId}_`);
});

test('no two keys share anything', () => {
  const keys = Array.from({ length: 200 }, newKey);
  expect(new Set(keys.map(({ key }) => key)).size).toBe(200);
  expect(new Set(keys.map(({ publicId }) => publicId)).size).toBe(200);
});

test('one wrong character anywhere makes it no key', () => {
  const { key } = newKey();
  fc.assert(
    fc.property(
      fc.integer({ min: 6, max: key.length - 1 }),
      fc.constantFrom(...'09AZaz_-'.split('')),
      (at, character) => {
        fc.pre(key[at] !== character);
        expect(markOfKey(`${key.slice(0, at)}${character}${key.slice(at + 1)}`)).toBeNull();
      },
    ),
  );
});

test('a key of before is found by its hash alone', () => {
  const key = `baton_${'aB3-_'.repeat(8)}abc`;
  expect(markOfKey(key)).toEqual({ sha256: sha256Of(key) });
});

test.each(['', 'baton_', 'junk', `baton_${'a'.repeat(42)}`, `baton_${'a'.repeat(44)}`, `Baton_${'a'.repeat(43)}`])(
  'junk is no key: %j',
  (text) => {
    expect(markOfKey(text)).toBeNull();
  },
);
