import { memoryStore } from '@baton/workspace/testing';
import { describe, expect, it } from 'vitest';
import type { ToolReport } from '../../task/outputs.js';
import { bare } from '../../testing/sandboxes.js';
import { storedWorkspace } from '../../testing/stored-workspace.js';
import { settings } from '../../testing/tool-runs.js';
import { runTools } from './run-tools.js';

const TOOLS = `checks:
  - { name: unit, command: node --test --test-reporter=tap, findings: { format: tap } }
  - { name: lint, command: sh lint.sh, findings: { format: lines } }
`;
/** Finds each TODO, and says where. */
const LINT = 'grep -n TODO *.ts | sed "s/:\\([0-9]*\\):.*/:\\1: TODO left/" ; ! grep -q TODO *.ts\n';
const test = (name: string, isGood: boolean): string =>
  `import { test } from 'node:test';\nimport assert from 'node:assert/strict';\ntest('${name}', () => assert.equal(1, ${isGood ? 1 : 2}));\n`;
const BASE = {
  '.baton/tools.yaml': TOOLS,
  'lint.sh': LINT,
  'old.test.ts': test('old', false),
  'good.test.ts': test('good', true),
  'a.ts': '// TODO\n',
};
type Files = Readonly<Record<string, string>>;

/** Checks a given state, and then what was made of it: what it found, and what then counted. */
async function judged(given: Files, made: Files): Promise<{ readonly before: ToolReport; readonly after: ToolReport }> {
  const blobs = memoryStore();
  const base = await storedWorkspace(blobs, given);
  const report = async (tree: string, knownFailures: ToolReport['tools']) =>
    runTools(
      {
        tools: true,
        language: 'typescript',
        files: [],
        testCommand: '',
        writtenBy: 'a-model and input',
        workspace: { base, tree },
        knownFailures,
      },
      { ...settings, blobs, sandbox: async () => bare, isOfflineWork: async () => false },
      new AbortController().signal,
    );
  const before = await report(base, []);
  const after = await report(
    await storedWorkspace(blobs, made),
    before.tools.filter(({ status }) => status === 'failed'),
  );
  return { before, after };
}

describe('what failed on the given state', () => {
  it.each([
    ['a program that is not there', 'no-such-program --all', 127],
    ['one that is no program', './lint.sh', 126],
  ])('is no excuse for a check that never ran: %s', async (_, command, exitCode) => {
    const files = { ...BASE, '.baton/tools.yaml': `checks: [{ name: unit, command: ${command} }]\n` };
    const { before, after } = await judged(files, { ...files, 'b.ts': 'export const b = 1;\n' });
    for (const report of [before, after]) expect(report).toMatchObject({ passed: false, failing: ['unit'] });
    expect(before).toMatchObject({
      unable: ['unit'],
      unableReason: expect.stringMatching(/^unit did not run, and what was not run did not pass\. .* install it on/),
    });
    expect(after.tools[0]).toMatchObject({
      exitCode,
      reason: expect.stringContaining('say in .baton/tools.yaml how the workspace is prepared'),
    });
    expect(after.tools[0]?.reason).toContain(command.split(' ')[0]);
  });

  it('does not count where nothing is new, and is listed apart', async () => {
    const moved = { ...BASE, 'a.ts': '\n\n// TODO\n', 'new.test.ts': test('new', true) };
    const { before, after } = await judged(BASE, moved);
    expect(before).toMatchObject({ passed: false, failing: ['unit', 'lint'], unable: [], unableReason: null });
    expect(after).toMatchObject({
      passed: true,
      failing: [],
      failedBefore: ['unit', 'lint'],
      notRun: [],
      findingsHash: null,
    });
    expect(after.tools).toMatchObject([
      {
        tool: 'unit',
        status: 'failed-before',
        findings: [],
        oldFindings: [{ message: expect.stringContaining('"old"') }],
      },
      { tool: 'lint', status: 'failed-before', findings: [], oldFindings: [{ file: 'a.ts', line: 3 }] },
    ]);
  });

  it('hides nothing that is new: only that is a finding', async () => {
    const { after } = await judged(BASE, { ...BASE, 'b.ts': '// TODO\n', 'good.test.ts': test('good', false) });
    expect(after).toMatchObject({ passed: false, failing: ['unit', 'lint'], failedBefore: [] });
    expect(after.tools).toMatchObject([
      {
        findings: [{ message: expect.stringContaining('"good"') }],
        oldFindings: [{ message: expect.stringContaining('"old"') }],
      },
      { findings: [{ file: 'b.ts' }], oldFindings: [{ file: 'a.ts' }] },
    ]);
  });

  it('counts again in the same file where there is one more of it', async () => {
    const { after } = await judged(BASE, { ...BASE, 'a.ts': '// TODO\n// TODO\n' });
    expect(after).toMatchObject({ passed: false, failing: ['lint'], failedBefore: ['unit'] });
  });

  it('is mended where it passes now', async () => {
    const { after } = await judged(BASE, { ...BASE, 'a.ts': '// done\n', 'old.test.ts': test('old', true) });
    expect(after).toMatchObject({ passed: true, failing: [], failedBefore: [] });
  });
});

describe('what proves nothing', () => {
  it('a check that could not run on the given state does not pass now for that', async () => {
    const tools = 'checks: [{ name: odd, command: "exit 2", failsOn: [1] }]';
    const { after } = await judged({ '.baton/tools.yaml': tools }, { '.baton/tools.yaml': tools, 'a.ts': '' });
    expect(after).toMatchObject({ passed: false, failing: ['odd'], failedBefore: [] });
  });

  it('a check that ran out of time on both does not pass', async () => {
    const tools = 'checks: [{ name: slow, command: "sleep 20", timeoutSeconds: 1 }]';
    const { before, after } = await judged({ '.baton/tools.yaml': tools }, { '.baton/tools.yaml': tools, 'a.ts': '' });
    expect(before).toMatchObject({ failing: ['slow'], tools: [{ isComplete: false }] });
    expect(after).toMatchObject({ passed: false, failing: ['slow'], failedBefore: [] });
  });

  it('a check whose words say nothing is old only where they are the same', async () => {
    const tools = 'checks: [{ name: odd, command: "cat said.txt; exit 1" }]';
    const given = { '.baton/tools.yaml': tools, 'said.txt': '1 failing, 3 passing (12ms)\n' };
    expect((await judged(given, { ...given, 'said.txt': '1 failing, 4 passing (9ms)\n' })).after.passed).toBe(true);
    expect((await judged(given, { ...given, 'said.txt': '2 failing, 3 passing (9ms)\n' })).after.passed).toBe(false);
  });

  it.each([
    ['TAP', TOOLS],
    ['what it prints', 'checks: [{ name: unit, command: node --test }]\n'],
    [
      'JUnit in a file',
      'checks: [{ name: unit, command: "node --test --test-reporter=junit > r.xml", findings: { format: junit, file: r.xml } }]\n',
    ],
  ])('a workspace whose tests were deleted has not passed, where %s says how many ran', async (_, tools) => {
    const given = { '.baton/tools.yaml': tools, 'lint.sh': LINT, 'a.ts': '', 'good.test.ts': test('good', true) };
    const { 'good.test.ts': gone, ...left } = given;
    for (const made of [
      left,
      { ...left, 'good.test.ts': '// moved\n' },
      { ...left, 'good.test.ts': gone.replace('test(', 'test.skip(') },
    ]) {
      const { before, after } = await judged(given, made);
      expect(before).toMatchObject({ failing: [] });
      expect(after).toMatchObject({ passed: false, failing: ['unit'] });
      expect(after.tools[0]?.findings).toMatchObject([{ message: expect.stringMatching(/^No test ran/) }]);
    }
    const { before, after } = await judged(left, { ...left, 'b.ts': '' });
    expect(before).toMatchObject({ passed: false, failing: ['unit'] });
    expect(after).toMatchObject({ passed: true, failedBefore: ['unit'] });
  });

  it('a workspace without a test that ran has not passed its tests', async () => {
    const given = { 'package.json': '{ "type": "module" }', 'a.ts': 'export const a = 1;\n' };
    const { after } = await judged(given, { ...given, 'b.ts': 'export const b = 1;\n' });
    expect(after).toMatchObject({ passed: false, failing: ['tests'] });
  });
});

it('the same findings in the tools that failed have the same hash, wherever they moved', async () => {
  const { before, after } = await judged(BASE, { ...BASE, 'a.ts': '\n// TODO\n' });
  const { before: other } = await judged({ ...BASE, 'a.ts': '// fine\n' }, BASE);
  expect(before.findingsHash).toEqual(expect.any(String));
  expect(after.findingsHash).toBeNull();
  expect(other.findingsHash).not.toBe(before.findingsHash);
});
