import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeChanges } from './state-diff.js';

test.each([
  [{ status: 'running' }, { status: 'failed' }, ['status: was "running", is "failed"']],
  [{ a: { b: 1 } }, { a: { b: 1, c: [2] } }, ['a › c: new, [2]']],
  [{ a: 1 }, {}, ['a: gone, was 1']],
  [{ a: [1, 2] }, { a: [1, 3] }, ['a: was [1,2], is [1,3]']],
  [{ a: 'x'.repeat(200) }, { a: 'y' }, ['a: was a text of 200 characters, is "y"']],
  [
    { visits: [{ visit: 1, state: 'Plan', tries: 0 }] },
    { visits: [{ visit: 2, state: 'Check', tries: 0 }] },
    [
      'visits › visit 2 Check: new, {"visit":2,"state":"Check","tries":0}',
      'visits › visit 1 Plan: gone, was {"visit":1,"state":"Plan","tries":0}',
    ],
  ],
  [
    { visits: [{ visit: 1, state: 'Plan', tries: 0 }] },
    {
      visits: [
        { visit: 0, state: 'X', tries: 0 },
        { visit: 1, state: 'Plan', tries: 1 },
      ],
    },
    ['visits › visit 0 X: new, {"visit":0,"state":"X","tries":0}', 'visits › visit 1 Plan › tries: was 0, is 1'],
  ],
])('of %j and %j it says what differs', (before, after, said) => {
  expect(describeChanges(before, after)).toEqual(said);
});

test('says nothing exactly where nothing differs, whatever the states are', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(json, json, (a, b) => {
      const [before, after] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
      expect(describeChanges(before, before)).toEqual([]);
      const same = JSON.stringify(before) === JSON.stringify(after);
      // Objects that differ in the order of their members alone are the same.
      if (!same && sorted(before) !== sorted(after)) expect(describeChanges(before, after)).not.toEqual([]);
    }),
  );
});

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
