import { expect, test } from 'vitest';
import { parseYaml } from './parse-yaml.js';

test('YAML is read as JSON', () => {
  expect(parseYaml('a: [1, true, null, "x"]\nb: &x { c: 1.0.0 }\nd: *x\n')).toEqual({
    a: [1, true, null, 'x'],
    b: { c: '1.0.0' },
    d: { c: '1.0.0' },
  });
});

test('keys that are numbers, quoted ones of any kind and long decimals are taken', () => {
  expect(parseYaml('200: a\ntrue: b\n"null": c\n"<<": d\ne: 0.12345678901234567890\nf: 0x10\n')).toEqual({
    200: 'a',
    true: 'b',
    null: 'c',
    '<<': 'd',
    e: 0.12345678901234568,
    f: 16,
  });
});

test.each([
  ['an open bracket', 'name: a\nlist: [\n', /at line \d, column \d/],
  ['a key that comes twice', 'a: 1\na: 2\n', /The key a comes twice at line 2, column 1/],
  ['a number that comes twice as a key', 'x: { 1: a, "1": b }\n', /The key 1 comes twice at line 1, column 12/],
  ['two documents', 'a: 1\n---\na: 2\n', /multiple documents/],
  ['a tag that is not known', 'a: !Ref b\n', /Unresolved tag: !Ref at line 1, column 4/],
  ['an alias of nothing', 'a: *x\n', /Unresolved alias/],
  ['aliases that grow without end', bomb(), /Excessive alias count/],
  ['bytes', 'a: !!binary gA==\n', /Unresolved tag: tag:yaml\.org,2002:binary at line 1, column 4/],
  ['a set', 'a: !!set { x, y }\n', /2002:set at line 1, column 4/],
  ['an ordered map', 'a: !!omap [ x: 1 ]\n', /2002:omap at line 1/],
  ['a time', 'a: !!timestamp 2026-01-01\n', /2002:timestamp at line 1/],
  ['YAML 1.1', '%YAML 1.1\n---\na: 2026-01-01\n', /YAML 1\.2 is read, and this says 1\.1, at line 1, column 1/],
  ['a key that is null', 'a:\n  null: 1\n', /a key is a text, and this one is null.* line 2, column 3/],
  ['a key that is a list', '? [a]\n: 1\n', /a key is a text, and this one is a list.* line 1, column 3/],
  ['a key that is an alias', 'a: &x k\nb:\n  *x : 1\n', /a key is a text.* line 3/],
  ['a key that would be another text', '0x10: 1\n', /the key 0x10 would become 16/],
  ['a merge key', 'a: &x { b: 1 }\nc:\n  <<: *x\n', /merge keys \(<<\) are no part of YAML 1\.2.* line 3, column 3/],
  ['a number without end', 'a: -.inf\n', /JSON has no number -\.inf.* line 1, column 4/],
  [
    'a number that would be another',
    'a: 12345678901234567890\n',
    /would become 12345678901234567000\. Write it as a text.* line 1/,
  ],
  ['a number beyond all', 'a: [1, 1e400]\n', /beyond all that can be kept.* line 1, column 8/],
  ['brackets without end', '['.repeat(20_000), /./],
])('%s is refused with its place', (_, text, says) => {
  expect(() => parseYaml(text)).toThrow(
    expect.objectContaining({ code: 'malformed-yaml', message: expect.stringMatching(says) }),
  );
});

test('many keys are read in a moment', () => {
  const text = Array.from({ length: 60_000 }, (_, n) => `key${n}: 1`).join('\n');
  expect(() => expect(Object.keys(Object(parseYaml(text)))).toHaveLength(60_000)).toComputeWithin(10_000);
});

function bomb(): string {
  const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  return levels
    .map(
      (name, n) =>
        `${name}: &${name} [${Array(9)
          .fill(n === 0 ? '1' : `*${levels[n - 1]}`)
          .join(', ')}]`,
    )
    .join('\n');
}
