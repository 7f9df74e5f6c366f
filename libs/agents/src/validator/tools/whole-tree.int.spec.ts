import { tmpdir } from 'node:os';
import type { SandboxLimits } from '@baton/sandbox';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { expect, it } from 'vitest';
import type { ToolReport } from '../../task/outputs.js';
import { bare, best } from '../../testing/sandboxes.js';
import { DEFAULT_LIMITS, runTools } from './run-tools.js';
import { findToolchain } from './tool-files.js';

const FILES = {
  'package.json': '{ "type": "module" }',
  'one.ts': 'export const one = (): number => 1;\n',
  'data.txt': 'not code\n',
  'two.ts': `import { one } from './one.ts';\nexport const two = (): number => one() + one();\n`,
  'two.test.ts': `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { two } from './two.ts';

test('is two', () => assert.equal(two(), 2));
test('lies beside what was there', () => assert.equal(readFileSync('data.txt', 'utf8'), 'not code\\n'));
`,
};

async function reportOn(
  files: Readonly<Record<string, string>>,
  sandbox = bare,
  limits: Partial<SandboxLimits> = {},
): Promise<ToolReport> {
  const blobs = memoryStore();
  const stored = Object.entries(files).map(async ([path, content]) => ({
    ...{ path, mode: '100644' as const },
    ...(await putFile(blobs, Buffer.from(content))),
  }));
  const tree = await putTree(blobs, treeOf(await Promise.all(stored)));
  return runTools(
    {
      tools: true,
      language: 'typescript',
      files: [],
      testCommand: 'node --test',
      writtenBy: 'a-model and input',
      workspace: { base: tree, tree },
    },
    {
      sandbox: async () => sandbox,
      toolchain: findToolchain,
      limits: { ...DEFAULT_LIMITS, ...limits },
      isOfflineWork: async () => false,
      blobs,
      tmpDir: tmpdir(),
      now: () => new Date(),
      python: async () => null,
    },
    new AbortController().signal,
  );
}

it('the tools look at the whole workspace, of which the deliverable is a part', async () => {
  expect(await reportOn(FILES)).toMatchObject({
    passed: true,
    failing: [],
    leftOut: [],
    tools: [{ tool: 'tests', status: 'passed' }],
  });
});

it('a workspace is judged by the commands that it names itself, in the form that they speak', async () => {
  const checks = `checks:
  - { name: unit, command: node --test --test-reporter=tap, findings: { format: tap } }
  - { name: style, command: 'echo "one.ts:1: too short"; exit 3', failsOn: [3] }
  - { name: odd, command: 'exit 2', failsOn: [1] }
  - { name: fine, command: 'test -f data.txt' }
`;
  const failing = FILES['two.test.ts'].replace('two(), 2', 'two(), 3');
  const report = await reportOn({ ...FILES, 'two.test.ts': failing, '.baton/tools.yaml': checks });
  expect(report).toMatchObject({ passed: false, failing: ['unit', 'style', 'odd'], leftOut: [] });
  expect(report.tools).toMatchObject([
    { findings: [{ file: 'two.test.ts', message: expect.stringContaining('is two') }] },
    { findings: [{ file: 'one.ts', line: 1, message: 'too short' }], exitCode: 3 },
    { reason: 'Its exit code 2 says that it could not run.' },
    { status: 'passed' },
  ]);
});

it.skipIf(best.sandbox.driver !== 'bwrap')(
  'what a check left beyond its limit is held against it alone, and what would run in it has not passed',
  async () => {
    const checks = `checks:
  - { name: greedy, command: 'head -c 3000000 /dev/zero > left.bin' }
  - { name: fine, command: 'test -f data.txt' }
`;
    const report = await reportOn({ ...FILES, '.baton/tools.yaml': checks }, best, { diskMb: 1 });
    expect(report).toMatchObject({ passed: false, failing: ['greedy'], notRun: ['fine'] });
    expect(report.tools[1]).toMatchObject({
      status: 'left-out',
      reason: 'greedy, which was run before, left more files than a check may.',
    });
  },
);

it('what needs a set-up that nobody runs did not pass, and says so', async () => {
  const manifest = JSON.stringify({ scripts: { test: 'vitest run' }, devDependencies: { vitest: '5' } });
  const report = await reportOn({ ...FILES, 'package.json': manifest });
  expect(report).toMatchObject({ passed: false, failing: [], leftOut: ['setup', 'tests'], notRun: ['setup', 'tests'] });
  expect(report.reason).toMatch(/^setup and tests did not run, .*The workspace needs `npm install/);
});

it('checks that cannot be read fail, and say where', async () => {
  const report = await reportOn({ ...FILES, '.baton/tools.yaml': 'checks: [{ name: a, comand: x }]' });
  expect(report).toMatchObject({
    passed: false,
    failing: ['tools-file'],
    tools: [{ findings: [{ file: '.baton/tools.yaml', message: expect.stringContaining('did you mean command') }] }],
  });
});
