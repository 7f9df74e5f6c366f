import { expect, test } from 'vitest';
import { parseYaml } from './parse-yaml.js';

test('YAML is read as JSON', () => {
  expect(parseYaml('a: [1, true, null, "x"]\nb: &x { c: 1.0.0 }\nd: *x\n')).toEqual({
    a: [1, true, null, 'x'],
    b: { c: '1.0.0' },
    d: { c: '1.0.0' },
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
