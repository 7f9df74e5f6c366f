import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePath, compileQuery } from './compile-query.js';

test.each([
  ['', 'expected a path'],
  ['name', 'expected a path'],
  ['$.', 'expected the name of a member'],
  ['$.a b', 'expected the end'],
  ['$[', 'expected *, ?( … ), a number'],
  ['$[a]', 'a name in quotes'],
  ["$['a", "expected ' at the end"],
  ['$.list[::0]', 'at least 1'],
  ['$.a.evil()', 'no function evil()'],
  ['$.length().a', 'at the end of a path only'],
  ['$[?(@.a ==)]', 'expected a path, a text in quotes'],
  ["$[?(@.a == '\\u12')]", 'four hexadecimal digits'],
  ['$[?(@.a =~ /x/)]', 'expected one of =='],
  ["$[?(@.a contains 'x')]", 'expected one of =='],
  ['$[?(@.a subsetof [1])]', 'expected one of =='],
  [' $.a', 'begins with a blank'],
  [' States.UUID()', 'begins with a blank'],
  ['$.a.concat()', 'no function concat()'],
  ['$[?(1)]', 'expected one of =='],
  ['$[(@.length-1)]', 'expected *'],
  ['States.Nope()', 'no intrinsic function States.Nope'],
  ['States.Array(007)', 'a number as JSON writes it'],
  ['States.Array(-)', 'a number as JSON writes it'],
  ['States.Array(1.)', 'a number as JSON writes it'],
  ['States.Array(1e999)', 'too large'],
  ['$[?(@.key==010)]', 'a number as JSON writes it'],
  ['States.UUID(1)', 'does not take 1 arguments'],
  ["States.Format('{}', )", 'expected a path'],
  ["States.StringToJson('\\\"')", 'are escapes'],
  [`States.Array(${'States.Array('.repeat(30)}${')'.repeat(31)}`, 'nested deeper'],
  [`$[?(${'('.repeat(3000)}@.a${')'.repeat(3000)})]`, 'nested deeper'],
  [`$.${'a'.repeat(20_000)}`, 'longer than'],
])('%s is refused with a sentence', (text, part) => {
  const compiled = compileQuery(text);
  expect(compiled.ok ? '' : compiled.problem).toContain(part);
});

test.each([
  ['$', true],
  ['$.a[0].b', true],
  ["$.a['b','c']", true],
  ["$.a['b','c'].d", false],
  ['$.a[0,1]', false],
  ['$.a[1:2]', false],
  ['$..a', false],
  ['$.a[?(@.b)]', false],
])('%s names one place: %s', (text, isDefinite) => {
  expect(compilePath(text)?.isDefinite).toBe(isDefinite);
});

test('no text makes the reader throw, and what it accepts it reads the same again', () => {
  const pieces = fc.constantFrom(
    '$',
    '$$',
    '.',
    '..',
    'a',
    '[',
    ']',
    "'",
    '*',
    '?(',
    ')',
    '@',
    '&&',
    '==',
    ':',
    '1',
    ',',
    'States.Array(',
    ' ',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 15 }), (parts) => {
      const text = parts.join('');
      expect(compileQuery(text)).toEqual(compileQuery(text));
    }),
  );
});

test('a call is no path', () => {
  expect(compilePath('States.UUID()')).toBeNull();
});
