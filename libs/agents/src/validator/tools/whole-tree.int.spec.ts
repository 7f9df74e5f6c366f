import { tmpdir } from 'node:os';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { expect, it } from 'vitest';
import { bare } from '../../testing/sandboxes.js';
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

it('the tools look at the whole workspace, of which the deliverable is a part', async () => {
  const blobs = memoryStore();
  const stored = Object.entries(FILES).map(async ([path, content]) => ({
    ...{ path, mode: '100644' as const },
    ...(await putFile(blobs, Buffer.from(content))),
  }));
  const tree = await putTree(blobs, treeOf(await Promise.all(stored)));
  const report = await runTools(
    {
      tools: true,
      language: 'typescript',
      files: [{ path: 'two.ts', content: FILES['two.ts'] }],
      testCommand: 'node --test',
      writtenBy: 'a-model and input',
      workspace: { base: tree, tree },
    },
    {
      sandbox: async () => bare,
      toolchain: findToolchain,
      limits: DEFAULT_LIMITS,
      isOfflineWork: async () => false,
      blobs,
      tmpDir: tmpdir(),
      now: () => new Date(),
      python: async () => null,
    },
    new AbortController().signal,
  );
  expect(report).toMatchObject({ passed: true, failing: [], leftOut: [] });
});
