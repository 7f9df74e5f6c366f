import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf } from './hash.js';
import { fromBase64, textOfUtf8, utf8Length } from './utf8.js';

/** What `unit: 'binary'` gives, without the second and a half that it takes to begin. */
const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

test('a text comes back from its bytes, and those from Base64', () => {
  fc.assert(
    fc.property(fc.string({ unit: character }), (text) => {
      const bytes = utf8ToBytes(text);
      expect(bytes.length).toBe(utf8Length(text));
      expect(textOfUtf8(bytes)).toBe(text);
      expect(fromBase64(base64.encode(bytes))).toEqual(bytes);
    }),
  );
});

test('what is no text or no Base64 is no trap', () => {
  expect(textOfUtf8(new Uint8Array([0x61, 0xff, 0xe2, 0x82, 0x62]))).toBeNull();
  expect(utf8Length('\ud800')).toBe(3);
  expect(textOfUtf8(new Uint8Array([0xc3]))).toBeNull();
  expect(textOfUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
  for (const bytes of [
    [0xed, 0xa0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xc0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
  ]) {
    expect(textOfUtf8(new Uint8Array(bytes))).toBeNull();
  }
  expect(fromBase64('a')).toBeNull();
  expect(fromBase64('a-b_')).toBeNull();
});

test.each([
  ['YQ', 'a'],
  ['YR==', 'a'],
  ['YWJ', 'ab'],
  ['YWJj=', 'abc'],
  ['', ''],
])('%j is Base64, though not as it is written: no padding, bits behind the end', (text, expected) => {
  expect(fromBase64(text)).toEqual(utf8ToBytes(expected));
});

test.each([
  ['MD5', '900150983cd24fb0d6963f7d28e17f72'],
  ['SHA-1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['SHA-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('%s of abc', (algorithm, expected) => {
  expect(hashOf(utf8ToBytes('abc'), algorithm)).toBe(expected);
});

test('there is no other algorithm', () => {
  expect(hashOf(utf8ToBytes('abc'), 'constructor')).toBeNull();
});
