import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxChoice } from '@baton/sandbox';
import { memoryStore } from '@baton/workspace/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolReport } from '../../task/outputs.js';
import type { ToolArguments } from '../../task/task-arguments.js';
import { bare, best } from '../../testing/sandboxes.js';
import { DEFAULT_LIMITS, runTools } from './run-tools.js';
import { findToolchain } from './tool-files.js';

const checkIn = (choice: SandboxChoice, files: ToolArguments['files']): Promise<ToolReport> =>
  runTools(
    {
      tools: true,
      language: 'typescript',
      files: files.some(({ path }) => path === PACKAGE.path) ? files : [PACKAGE, ...files],
      testCommand: 'node --test',
      writtenBy: 'anybody',
    },
    {
      isOfflineWork: async () => false,
      sandbox: async () => choice,
      toolchain: findToolchain,
      limits: DEFAULT_LIMITS,
      tmpDir: tmpdir(),
      blobs: memoryStore(),
      now: () => new Date(),
      python: async () => null,
    },
    new AbortController().signal,
    [{ name: 'types', arguments: [] }],
  );

const PACKAGE = { path: 'package.json', content: '{ "type": "module" }' };
const findingsOf = (report: ToolReport) => report.tools.find(({ tool }) => tool === 'types')?.findings ?? [];

describe.each([
  ['in the sandbox', best],
  ['without one', bare],
])('the type check does not leave the deliverable, %s', (_, choice) => {
  const check = (files: ToolArguments['files']) => checkIn(choice, files);

  let outside: string;
  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'baton-outside-'));
    await chmod(outside, 0o755);
    await mkdir(join(outside, 'types'));
    for (const [name, content] of [
      ['secret.ts', 'export const secret: number = "hunter2";'],
      ['secret.json', '{ "password": "hunter2'],
      ['secret.d.ts', 'root:$6$hunter2:1::'],
      ['types/index.d.ts', 'root:$6$hunter2:1::'],
      ['tsconfig.json', '{ "compilerOptions": { "hunter2": true } }'],
    ] as const)
      await writeFile(join(outside, name), content);
  });
  afterAll(() => rm(outside, { recursive: true }));

  it.each([
    ['an import', (to: string) => `import { secret } from '${to}/secret.ts';\nexport const a: string = secret;`],
    ['an import of a type', (to: string) => `import type s from '${to}/secret.json';\nexport const a: typeof s = 1;`],
    ['an import within a type', (to: string) => `export const a: typeof import("${to}/secret.ts") = 1;`],
    [
      'an import of CommonJS',
      (to: string) => `import s = require('${to}/secret.json');\nexport const a: typeof s = 1;`,
    ],
    [
      'an import with escapes',
      (to: string) => `import s from '\\x2e\\x2e/..${to}/secret.json';\nexport const a: typeof s = 1;`,
    ],
    ['an import while it runs', (to: string) => `export const a: string = await import(\`${to}/secret.ts\`);`],
    ['an export', (to: string) => `export * from '${to}/secret.ts';`],
    ['a reference to a path', (to: string) => `/// <reference path="${to}/secret.d.ts" />\nexport {};`],
    ['a reference to types', (to: string) => `/// <reference types="${to}/types" />\nexport {};`],
  ])('by %s', async (_, write) => {
    const report = await check([{ path: 'src/a.ts', content: write(outside) }]);
    expect(JSON.stringify(report)).not.toContain('hunter2');
    expect(report.failing).toContain('types');
  });

  it('by a configuration of its own', async () => {
    const tsconfig = JSON.stringify({
      extends: `${outside}/tsconfig.json`,
      compilerOptions: { typeRoots: [outside] },
    });
    const imports = JSON.stringify({ type: 'module', imports: { '#out': `../../${outside}/secret.ts` } });
    const report = await check([
      { path: 'package.json', content: imports },
      { path: 'tsconfig.json', content: tsconfig },
      { path: 'src/a.ts', content: "import { secret } from '#out';\nexport const a: string = secret;" },
    ]);
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  it('and say which file they would have read', async () => {
    const content = `import { secret } from '${outside}/secret.ts';\nexport const a = secret;`;
    const report = await check([{ path: 'src/a.ts', content }]);
    const [finding, ...others] = findingsOf(report);
    // In the sandbox there is no such file.
    expect(finding?.message).toMatch(/secret\.ts lies outside of the deliverable|Cannot find module .*secret\.ts/);
    expect(others).toEqual([]);
  });
});
