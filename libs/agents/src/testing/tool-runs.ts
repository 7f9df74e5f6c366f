import { tmpdir } from 'node:os';
import { memoryStore } from '@baton/workspace/testing';
import type { ToolName, ToolReport } from '../task/outputs.js';
import type { ToolArguments } from '../task/task-arguments.js';
import { findPython } from '../validator/tools/find-python.js';
import { DEFAULT_LIMITS, runTools, type ToolSettings } from '../validator/tools/run-tools.js';
import { findToolchain } from '../validator/tools/tool-files.js';
import { best } from './sandboxes.js';

/** null where this machine has none. */
export const python = await findPython();
export const settings: ToolSettings = {
  isOfflineWork: async () => true,
  sandbox: async () => best,
  toolchain: findToolchain,
  limits: DEFAULT_LIMITS,
  tmpDir: tmpdir(),
  blobs: memoryStore(),
  now: () => new Date(),
  python: async () => python,
};

export const PACKAGE = { path: 'package.json', content: '{ "type": "module" }' };
export const SUM = { path: 'src/sum.ts', content: 'export const sum = (a: number, b: number): number => a + b;\n' };
export const SUM_TEST = {
  path: 'src/sum.test.ts',
  content: `import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { sum } from './sum.ts';

test('adds', () => assert.equal(sum(1, 2), 3));
describe('a suite', () => { it('adds too', () => assert.equal(sum(2, 2), 4)); });
`,
};

export const typescript = (files: ToolArguments['files'], changes: Partial<ToolArguments> = {}): ToolArguments => ({
  tools: true,
  language: 'typescript',
  files,
  testCommand: 'node --test',
  writtenBy: 'offline',
  ...changes,
});

/** Runs the tools, in the best sandbox that this machine has. */
export const run = (args: ToolArguments, changes: Partial<ToolSettings> = {}): Promise<ToolReport> =>
  runTools(args, { ...settings, ...changes }, new AbortController().signal);

export const toolIn = (report: ToolReport, name: ToolName) => report.tools.find(({ tool }) => tool === name);
export const findingsOf = (report: ToolReport, name: ToolName) => toolIn(report, name)?.findings ?? [];
