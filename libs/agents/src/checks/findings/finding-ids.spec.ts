import { describe, expect, it, test } from 'vitest';
import { failureLines, hashOfFindings, identified, sortedByAge } from './finding-ids.js';

const idOf = (message: string, file: string | null = 'a.ts', line = 1, tool = 'types'): string =>
  identified(tool, { file, line, message }).id;

describe('a finding is the same again', () => {
  it.each([
    ['on another line', idOf('TS2322: no', 'a.ts', 1), idOf('TS2322: no', 'a.ts', 40)],
    ['with another place in its text', idOf('at a.ts:3:7'), idOf('at a.ts:9:12')],
    ['with the line in words', idOf('see line 3'), idOf('see line 88')],
    ['after another time', idOf('failed after 12.5 ms'), idOf('failed after 0.3 ms')],
    ['at another time of day', idOf('2026-11-27T15:01:02Z boom'), idOf('2026-11-28T08:00:00.123Z boom')],
    ['from another process', idOf('(node:71) boom'), idOf('(node:99123) boom')],
    ['with more tests that pass', idOf('1 failed, 12 passed (13)', null), idOf('1 failed, 14 passed (15)', null)],
    ['in colours', idOf('\u001b[31mboom\u001b[0m'), idOf('boom')],
  ])('%s', (_, before, now) => {
    expect(now).toBe(before);
  });
});

describe('a finding is another one', () => {
  it.each([
    ['in another file', idOf('no'), idOf('no', 'b.ts')],
    ['of another tool', idOf('no'), idOf('no', 'a.ts', 1, 'lint')],
    ['of another rule', idOf('TS2322: no'), idOf('TS2345: no')],
    ['with another value', idOf('expected 3 to equal 4'), idOf('expected 5 to equal 4')],
    ['with more tests that fail', idOf('1 failed, 12 passed', null), idOf('2 failed, 12 passed', null)],
    ['of another name with a number', idOf('test "case 2": no'), idOf('test "case 3": no')],
  ])('%s', (_, before, now) => {
    expect(now).not.toBe(before);
  });
});

test('one that is there more often than before is new as often as that', () => {
  const same = (n: number) => Array.from({ length: n }, () => ({ id: 'x' }));
  const { fresh, old } = sortedByAge([...same(3), { id: 'y' }], ['x', 'x', 'z']);
  expect([fresh.map(({ id }) => id), old.length]).toEqual([['x', 'y'], 2]);
});

test('the same set in another order has the same hash, and the same one twice another', () => {
  expect(hashOfFindings(['a', 'b'])).toBe(hashOfFindings(['b', 'a']));
  expect(hashOfFindings(['a', 'a'])).not.toBe(hashOfFindings(['a']));
});

test('the lines that speak of a failure are found among all', () => {
  const text = 'compiling\n  ✗ adds\nError: two\n# fail 1\nok 3\nall done\n';
  expect(failureLines(text).map(({ message }) => message)).toEqual(['✗ adds', 'Error: two', '# fail 1']);
});
