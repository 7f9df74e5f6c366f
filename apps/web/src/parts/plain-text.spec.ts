import { expect, test } from 'vitest';
import { beginningOf, seen } from './plain-text.js';

test('a mark that turns the direction of a text is named, and turns nothing', () => {
  expect(seen('if (admin\u202e) \u2066// ok')).toBe('if (admin⟨U+202E⟩) ⟨U+2066⟩// ok');
});

test('codes of terminals are left out', () => {
  expect(seen('\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007')).toBe('red link');
});

test('a character that cannot be seen is named', () => {
  expect(seen('a\u0000b\u200bc')).toBe('a⟨U+0000⟩b⟨U+200B⟩c');
});

test('lines end in one way', () => {
  expect(seen('a\r\nb\rc')).toBe('a\nb\nc');
});

test('markup stays the text that it is', () => {
  expect(seen('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
});

test('a long text is cut before a character that would be halved', () => {
  expect(beginningOf('ab😀', 3)).toEqual({ text: 'ab', isCut: true });
  expect(beginningOf('abc', 3)).toEqual({ text: 'abc', isCut: false });
});
