import { expect, test } from 'vitest';
import { earlierOf, filePairs, filesOf, shownVersion } from './earlier.js';

const plan = (goal: string) => ({ goal, files: [], risks: [] });
const made = (output: object) => ({ type: 'TaskSucceeded', data: JSON.parse(JSON.stringify({ output })) });
const asked = (commandId: string, given: object) => ({
  type: 'TaskScheduled',
  data: JSON.parse(JSON.stringify({ commandId, resource: 'baton:approval', arguments: given })),
});

test('work is compared to the version that was made before it', () => {
  const events = [made(plan('one')), made({ scores: {}, issues: [] }), made(plan('two')), asked('r-1', {})];
  expect(earlierOf(events, 'r-1', { name: 'plan', value: plan('two') })).toEqual({
    value: plan('one'),
    what: 'the version before it',
  });
});

test('and rather to what a person was shown the last time', () => {
  const events = [
    ...[made(plan('one')), asked('r-1', { plan: plan('one') }), made(plan('two')), made(plan('three'))],
    asked('r-2', { plan: plan('three') }),
    asked('r-3', { plan: plan('four') }),
  ];
  expect(earlierOf(events, 'r-2', { name: 'plan', value: plan('three') })).toEqual({
    value: plan('one'),
    what: 'what was shown the last time',
  });
});

test('code is compared to the files that the run was given, where nothing was made before', () => {
  const files = [{ path: 'a', content: '1' }];
  const started = { type: 'RunStarted', data: { input: { files } } };
  expect(earlierOf([started], 'r-1', { name: 'code', value: { files: [], notes: '' } })?.value).toEqual({ files });
  expect(earlierOf([started], 'r-1', { name: 'plan', value: plan('x') })).toBeNull();
});

test('files that differ come first, and what is no file with content is none', () => {
  const before = filesOf({ files: [{ path: 'a', content: '1' }, { path: 'b', content: '1' }, { path: 'd' }] });
  const after = filesOf({
    files: [
      { path: 'a', content: '1' },
      { path: 'c', content: '2' },
    ],
  });
  expect(filePairs(before, after).map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'b deleted',
    'c new',
    'a as before',
  ]);
});

test('the version of a workspace that was shown the last time is that of the question before', () => {
  const [base, one, two] = ['0', '1', '2'].map((digit) => digit.repeat(64));
  const about = (tree: string | undefined) => ({ code: { workspace: { base, tree } } });
  const events = [asked('r-1', about(one)), asked('r-2', {}), asked('r-3', about(two))];
  expect([shownVersion(events, 'r-1'), shownVersion(events, 'r-3')]).toEqual([null, one]);
});
