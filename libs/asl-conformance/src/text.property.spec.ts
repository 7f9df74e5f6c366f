import { createHash } from 'node:crypto';
import { evaluate, evaluatePath, type Json } from '@baton/asl';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/* Text is text in both languages, whatever it is made of: NUL, accents that combine, characters beyond U+FFFF, half of one. */

const character = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0x10ffff - 0x800 }).map((n) => (n < 0xd800 ? n : n + 0x800)),
  fc.constantFrom(0, 0x301, 0x200d, 0xfeff, 0xfffd, 0x1f600, 0x6771, 0xe9),
);
const text = fc.array(character, { maxLength: 30 }).map((points) => String.fromCodePoint(...points));
const half = fc
  .tuple(text, fc.integer({ min: 0xd800, max: 0xdfff }), text)
  .map(([before, code, after]) => `${before}x${String.fromCharCode(code)}x${after}`);

async function jsonata(expression: string, s: string): Promise<Json> {
  const scope = { states: { input: s, context: {} }, variables: { s }, nowMs: 0, seed: 'seed' };
  const result = await evaluate(`{% ${expression} %}`, scope, 'Output');
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}
function jsonPath(query: string, s: string): Json {
  const result = evaluatePath(
    { kind: 'query', text: query },
    { input: { s }, context: {}, variables: {}, nowMs: 0, seed: '' },
    'Field',
  );
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}
const holds = (arbitrary: fc.Arbitrary<string>, check: (s: string) => Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: 150 });

describe('any text', () => {
  test('has the Base64 and the hash of its UTF-8, and comes back from it', () =>
    holds(text, async (s) => {
      const expected = Buffer.from(s, 'utf8').toString('base64');
      expect(await jsonata('$base64encode($s)', s)).toBe(expected);
      expect(jsonPath('States.Base64Encode($.s)', s)).toBe(expected);
      expect(await jsonata('$base64decode($s)', expected)).toBe(s);
      expect(jsonPath('States.Base64Decode($.s)', expected)).toBe(s);
      for (const [algorithm, node] of [
        ['MD5', 'md5'],
        ['SHA-1', 'sha1'],
        ['SHA-256', 'sha256'],
        ['SHA-384', 'sha384'],
        ['SHA-512', 'sha512'],
      ] as const) {
        const hash = createHash(node).update(s, 'utf8').digest('hex');
        expect(await jsonata(`$hash($s, "${algorithm}")`, s)).toBe(hash);
        expect(jsonPath(`States.Hash($.s, '${algorithm}')`, s)).toBe(hash);
      }
    }));

  test('is counted, cut and filled up by characters', () =>
    holds(text, async (s) => {
      const characters = [...s];
      const middle = Math.floor(characters.length / 2);
      expect(await jsonata('$length($s)', s)).toBe(characters.length);
      expect(jsonPath('$.s.length()', s)).toBe(characters.length);
      expect(await jsonata(`$substring($s, 0, ${middle}) & $substring($s, ${middle})`, s)).toBe(s);
      expect(await jsonata('$join($split($s, ""))', s)).toBe(s);
      expect(await jsonata('[$split($s, "", 2)]', s)).toEqual(characters.slice(0, 2));
      expect(await jsonata(`$length($pad($s, ${characters.length + 3}, "東😀"))`, s)).toBe(characters.length + 3);
      expect(await jsonata(`$substring($pad($s, -${characters.length + 1}, "😀"), 1)`, s)).toBe(s);
    }));

  test('goes through URLs and JSON unchanged', () =>
    holds(text, async (s) => {
      expect(await jsonata('$decodeUrlComponent($encodeUrlComponent($s))', s)).toBe(s);
      expect(await jsonata('$decodeUrl($encodeUrl($s))', s)).toBe(s);
      expect(await jsonata('$parse($string({"s": $s})).s', s)).toBe(s);
      expect(jsonPath('States.StringToJson(States.JsonToString($.s))', s)).toBe(s);
      expect(jsonPath("States.Format('{}', $.s)", s)).toBe(s);
      expect(
        jsonPath(
          "States.ArrayGetItem(States.StringSplit(States.Format('{}|', $.s), '|'), 0)",
          `a${s.replaceAll('|', '')}`,
        ),
      ).toBe(`a${s.replaceAll('|', '')}`);
    }));

  test('is taken by a regular expression character by character', () =>
    holds(text, async (s) => {
      expect(await jsonata('$replace($s, /[\\s\\S]/, "x")', s)).toBe('x'.repeat([...s].length));
      expect(await jsonata('$join([$match($s, /[\\s\\S]/).match])', s)).toBe(s);
    }));

  test('is found, replaced and separated as it is', () =>
    holds(
      text.filter((s) => s !== ''),
      async (s) => {
        expect(await jsonata('$contains("<" & $s & ">", $s)', s)).toBe(true);
        expect(await jsonata('$replace("<" & $s & ">", $s, "é😀")', s)).toContain('é😀');
        expect(await jsonata('$substringBefore($s & "😀\u0301", "😀\u0301") = $s or $contains($s, "😀")', s)).toBe(
          true,
        );
        expect(await jsonata('$count($split($s & "東" & $s, "東")) >= 2', s)).toBe(true);
        expect(await jsonata('$join(["a", "b"], $s)', s)).toBe(`a${s}b`);
      },
    ));
});

describe('half a surrogate pair', () => {
  test('is refused where bytes are asked for, by a sentence', () =>
    holds(half, async (s) => {
      for (const call of ['$base64encode($s)', '$hash($s, "MD5")']) {
        await expect(jsonata(call, s)).rejects.toThrow('half a surrogate pair');
      }
      for (const call of ['$encodeUrl($s)', '$encodeUrlComponent($s)'])
        await expect(jsonata(call, s)).rejects.toThrow('D3140');
      for (const call of ['States.Base64Encode($.s)', "States.Hash($.s, 'MD5')"]) {
        expect(() => jsonPath(call, s)).toThrow('half a surrogate pair');
      }
    }));

  test('stays as it is elsewhere', () =>
    holds(half, async (s) => {
      expect(await jsonata('$s & ""', s)).toBe(s);
      expect(await jsonata('$join($split($s, ""))', s)).toBe(s);
      expect(await jsonata('$length($s)', s)).toBe([...s].length);
      expect(await jsonata('$parse($string([$s]))[0]', s)).toBe(s);
      expect(jsonPath('$.s', s)).toBe(s);
    }));
});

test.each([
  ['$base64decode("44OB44O844K6")', 'チーズ'],
  ['$base64decode("8J-YgA")', '😀'],
  ['$base64decode("aGVs\\nbG8=")', 'hello'],
  ['$split("a😀b", "")', ['a', '😀', 'b']],
  ['$replace("a😀", /./, "x")', 'xx'],
  ['$match("a😀b", /[😀東]/).match', '😀'],
  ['$match("Ärger", /^(.)/).groups', ['Ä']],
  ['$contains("😀", /^.$/)', true],
  ['$split("a😀b東c", /[😀東]/)', ['a', 'b', 'c']],
  ['$replace("STRASSE", /strasse/i, "Straße")', 'Straße'],
  // Not valid in the newer form of regular expressions: read in the older one.
  ['$contains("hello world", /^hello\\ /)', true],
  ['$replace("a-b", /\\-/, "+")', 'a+b'],
  ['$split("a1b22c", /[0-9]+/)', ['a', 'b', 'c']],
  ['$split("a, b", ", ")', ['a', 'b']],
  ['$split("a,b,c", ",", 2)', ['a', 'b']],
])('%s', async (expression, expected) => {
  expect(await jsonata(expression, '')).toEqual(expected);
});

test.each([
  ['$base64decode("?")', 'no Base64'],
  ['$base64decode("/w==")', 'no text in UTF-8'],
  ['$base64decode("gA==")', 'no text in UTF-8'],
  ['$split("a", "", -1)', 'D3020'],
])('%s fails', async (expression, says) => {
  await expect(jsonata(expression, '')).rejects.toThrow(says);
});

test('bytes that are no text fail an intrinsic function with its own error', () => {
  const scope = { input: {}, context: {}, variables: {}, nowMs: 0, seed: '' };
  expect(evaluatePath({ kind: 'query', text: "States.Base64Decode('/w==')" }, scope, 'Field')).toMatchObject({
    error: 'States.IntrinsicFailure',
    problem: expect.stringContaining('no text in UTF-8'),
  });
});
