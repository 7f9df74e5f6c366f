import { expect, test } from 'vitest';
import { findingsByLine, foundIn, type LoggedEvent, versionsIn } from './versions.js';

let version = 0;
const came = (output: unknown): LoggedEvent => ({
  version: ++version,
  type: 'TaskSucceeded',
  recordedAt: '2026-01-01T00:00:00.000Z',
  actor: { id: 'worker' },
  data: { commandId: 'c', output },
});
const plan = (goal: string, answers: unknown = []) => came({ goal, components: [], answers });
const code = (content: string, answers: unknown = []) => came({ files: [{ path: 'src/a.ts', content }], answers });
const review = (...issues: unknown[]) => came({ issues, summary: '', verdict: 'revise', scores: { alignment: 7 } });

test('plans and code are counted apart, and each has what was found in it', () => {
  const versions = versionsIn([
    plan('one'),
    review({ id: 'P1.1', severity: 'major', place: 'testPlan', problem: 'No tests.' }),
    plan('two', [{ issueId: 'P1.1', answer: 'Added.' }]),
    code('x'),
    came({
      tools: [{ tool: 'tests', status: 'failed', findings: [{ file: 'src/a.ts', line: 3, message: 'Not 1.' }] }],
    }),
    code('y', [{ to: 'tests', answer: 'Now it is 1.' }]),
  ]);
  expect(versions.map(({ kind, number }) => `${kind} ${number}`)).toEqual(['plan 1', 'plan 2', 'code 1', 'code 2']);
  expect(versions[0]?.findings).toMatchObject([{ id: 'P1.1', text: 'No tests.', answers: ['Added.'] }]);
  expect(versions[2]?.tools[0]?.findings).toMatchObject([{ line: 3, answers: ['Now it is 1.'] }]);
  expect(versions[3]?.findings).toEqual([]);
});

test('a finding is at the line that its place names', () => {
  const [found] = versionsIn([code('x'), review({ id: 'B1', place: 'src/a.ts:12', problem: 'Bad.' })]);
  const byLine = findingsByLine(found === undefined ? [] : foundIn(found), 'src/a.ts');
  expect([...byLine.keys()]).toEqual([12]);
});

test('a finding in a file that names no line is said of the whole file', () => {
  const [found] = versionsIn([code('x'), review({ id: 'B1', file: 'src/a.ts', problem: 'Bad.' })]);
  expect([...findingsByLine(found?.findings ?? [], 'src/a.ts').keys()]).toEqual([0]);
});

test.each([null, 7, {}, { files: 'x' }, { issues: [null, { problem: 1 }] }, { tools: [{}] }, { goal: 1 }])(
  'what a worker handed in that has another form is no version: %j',
  (output) => {
    expect(versionsIn([came(output)])).toEqual([]);
    expect(versionsIn([code('x'), came(output)])).toHaveLength(1);
  },
);

test('what tools said before anything was made is said of what the run began from', () => {
  const ran = (status: string) => ({ tools: [{ tool: 'tests', status, findings: [], exitCode: 1, durationMs: 7 }] });
  const versions = versionsIn([came(ran('failed')), plan('one'), code('x'), came(ran('passed'))]);
  expect(versions.map(({ kind, tools }) => `${kind} ${tools.map(({ status }) => status).join()}`)).toEqual([
    'base failed',
    'plan ',
    'code passed',
  ]);
  expect(versions[0]?.tools[0]).toMatchObject({ exitCode: 1, durationMs: 7, printed: null, outputBytes: null });
});

test('a round that only took files of the workspace away is a version, too', () => {
  const workspace = { base: '0'.repeat(64), tree: '1'.repeat(64) };
  expect(versionsIn([came({ files: [], workspace })])).toMatchObject([{ kind: 'code', tree: workspace.tree }]);
  expect(versionsIn([came({ files: [] })])).toEqual([]);
});

test('what a tool printed is known by the event that tells of it', () => {
  const printed = { stdout: { sha256: 'a'.repeat(64), size: 3 }, stderr: null, isCut: true };
  const execution = { outputBytes: 900, printed };
  const [found] = versionsIn([code('x'), came({ tools: [{ tool: 'tests', status: 'passed', execution }] })]);
  expect(found?.tools[0]).toMatchObject({ printed, outputBytes: 900, event: version });
});
