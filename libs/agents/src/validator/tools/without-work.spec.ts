import { expect, test } from 'vitest';
import { withoutWork } from './without-work.js';

test.each([
  ['/work/src/a.ts(1,2): wrong', 'src/a.ts(1,2): wrong'],
  ['at file:///work/src/a.ts:1:2', 'at src/a.ts:1:2'],
  ['at run (/work/a.ts:1) in "/work/b.ts", /work/c.ts', 'at run (a.ts:1) in "b.ts", c.ts'],
  ['cd /work && ls', 'cd . && ls'],
  ['cannot find ../work/a.ts', 'cannot find a.ts'],
])('a path below the folder of the work is one of the workspace: %s', (printed, told) => {
  expect(withoutWork('/work', printed)).toBe(told);
});

test.each([
  'src/work/a.ts:3: too short',
  'packages/work/src/index.ts',
  'src/../work/a.ts',
  '/mnt/work/bin',
  '/workshop/a.ts',
  '/work-in-progress',
  'https://example.com/work/1',
])('a folder of that name elsewhere stays: %s', (printed) => {
  expect(withoutWork('/work', printed)).toBe(printed);
});
