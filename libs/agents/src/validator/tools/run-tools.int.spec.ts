import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ToolReport } from '../../task/outputs.js';
import { bare, hasSandbox, trustedOnly } from '../../testing/sandboxes.js';
import { findingsOf, PACKAGE, run, SUM, SUM_TEST, settings, toolIn, typescript } from '../../testing/tool-runs.js';
import { DEFAULT_LIMITS, runTools } from './run-tools.js';

describe('the tools of a TypeScript deliverable', () => {
  it('pass where it parses, type-checks and passes its tests', async () => {
    const report = await run(typescript([PACKAGE, SUM, SUM_TEST]));
    expect(report).toMatchObject({ passed: true, failing: [], leftOut: [] });
    expect(report.tools.map(({ tool, status, exitCode, findings }) => ({ tool, status, exitCode, findings }))).toEqual(
      (['parse', 'types', 'tests'] as const).map((tool) => ({ tool, status: 'passed', exitCode: 0, findings: [] })),
    );
  });

  it('keep what they print beside what they find, without a path of this machine', async () => {
    const content = `${SUM_TEST.content}console.log('I am in', process.cwd());\n`;
    const { tools } = await run(typescript([PACKAGE, SUM, { ...SUM_TEST, content }]));
    const kept = tools.map(({ execution }) => execution?.printed);
    expect(kept.map((printed) => printed?.isCut)).toEqual([false, false, false]);
    const texts = await Promise.all(
      kept
        .flatMap((printed) => [printed?.stdout, printed?.stderr])
        .map(async (stream) => (stream == null ? '' : (await settings.blobs.get(stream.sha256)).toString('utf8'))),
    );
    expect(texts.join('')).not.toContain(tmpdir());
  });

  it('need no package.json', async () => {
    expect(await run(typescript([SUM, SUM_TEST]))).toMatchObject({ passed: true });
  });

  it('name file and line of what does not parse, in every kind of file', async () => {
    const report = await run(
      typescript([
        SUM,
        SUM_TEST,
        { path: 'a/broken.ts', content: 'const a = 1;\nconst b: = 2;\n' },
        { path: '-enum.ts', content: '\nenum A { B }\n' },
        { path: 'twice.mjs', content: 'let a = 1;\nlet a = 2;\n' },
        { path: 'script.cjs', content: 'if (module) return;\nlet b;\nlet b;' },
        { path: 'package.json', content: '{ "type": module }' },
      ]),
    );
    expect(findingsOf(report, 'parse')).toEqual([
      { file: 'a/broken.ts', line: 2, message: expect.stringContaining('Unexpected token') },
      { file: '-enum.ts', line: 2, message: expect.stringContaining('enum is not supported') },
      { file: 'twice.mjs', line: null, message: expect.stringContaining('already been declared') },
      { file: 'script.cjs', line: 3, message: expect.stringContaining('already been declared') },
      { file: 'package.json', line: null, message: expect.stringContaining('JSON') },
    ]);
    expect(report.passed).toBe(false);
    expect(report.failing).toContain('parse');
  });

  it('name file and line of what does not type-check, whatever its own configuration says', async () => {
    const report = await run(
      typescript([
        PACKAGE,
        SUM,
        SUM_TEST,
        { path: 'tsconfig.json', content: '{ "compilerOptions": { "strict": false } }' },
        { path: 'src/use.ts', content: "import { sum } from './sum.ts';\n\nexport const x = sum('1', 2);\n" },
        { path: 'src/loose.ts', content: 'export const id = (x) => x;\n' },
      ]),
    );
    expect(report.failing).toEqual(['types']);
    expect(findingsOf(report, 'types')).toEqual([
      { file: 'src/loose.ts', line: 1, message: expect.stringContaining('TS7006') },
      { file: 'src/use.ts', line: 3, message: expect.stringContaining('TS2345') },
    ]);
  });

  it('refuse types that are imported as values, because Node removes types only', async () => {
    const report = await run(
      typescript([
        PACKAGE,
        SUM,
        SUM_TEST,
        { path: 'src/t.ts', content: 'export type T = string;\n' },
        { path: 'src/u.ts', content: "import { T } from './t.ts';\nexport const u: T = '';\n" },
      ]),
    );
    expect(findingsOf(report, 'types')).toMatchObject([{ file: 'src/u.ts', line: 1 }]);
  });

  it('name each failing test with its place and the assertion', async () => {
    const content = SUM_TEST.content.replace('sum(1, 2), 3', 'sum(1, 2), 4').replace('sum(2, 2), 4', 'sum(2, 2), 5');
    const report = await run(typescript([PACKAGE, SUM, { ...SUM_TEST, content }]));
    expect(report.failing).toEqual(['tests']);
    expect(findingsOf(report, 'tests')).toEqual([
      { file: 'src/sum.test.ts', line: 5, message: expect.stringMatching(/^test "adds": [\s\S]*3 !== 4/) },
      { file: 'src/sum.test.ts', line: 6, message: expect.stringMatching(/^test "adds too": [\s\S]*4 !== 5/) },
    ]);
  });

  it('say what a test file died of, without a path of this machine', async () => {
    const bad = { path: 'bad.test.ts', content: "import { x } from './nowhere.ts';\nconsole.log(x);\n" };
    const report = await run(typescript([PACKAGE, SUM, SUM_TEST, bad]));
    expect(findingsOf(report, 'tests')).toEqual([
      { file: 'bad.test.ts', line: null, message: expect.stringMatching(/Cannot find module '.*nowhere\.ts'/) },
    ]);
    expect(JSON.stringify(report)).not.toContain(tmpdir());
  });

  it.each([
    ['without tests', [PACKAGE, SUM], 'no test that ran'],
    [
      'with skipped tests only',
      [PACKAGE, { path: 'a.test.ts', content: "import { test } from 'node:test';\ntest.skip('x', () => {});\n" }],
      '1 were skipped',
    ],
    [
      'that ends before its tests do',
      [
        PACKAGE,
        { path: 'a.test.ts', content: "import { test } from 'node:test';\ntest('x', () => process.exit(0));\n" },
      ],
      'no test of this file ran',
    ],
  ])('fail a deliverable %s', async (_, files, message) => {
    const report = await run(typescript(files));
    expect(report.failing).toEqual(['tests']);
    expect(JSON.stringify(findingsOf(report, 'tests'))).toContain(message);
  });

  it('fail a deliverable without TypeScript', async () => {
    const report = await run(typescript([{ path: 'README.md', content: '# Done' }]));
    expect(report).toMatchObject({ passed: false, failing: ['parse', 'types', 'tests'] });
  });

  it('do not execute what a model wrote where there is no sandbox, and do not pass what they did not execute', async () => {
    for (const writtenBy of ['claude-opus-5-5', 'offline and claude-opus-5-5', 'offline and input', '']) {
      const args = typescript([PACKAGE, SUM, SUM_TEST], { writtenBy });
      const report = await run(args, { sandbox: async () => trustedOnly });
      expect(report).toMatchObject({ passed: false, failing: [], leftOut: ['tests'], notRun: ['tests'] });
      expect(report.reason).toMatch(/^tests did not run, and what was not run did not pass\. .*BATON_SANDBOX=none/);
      expect(toolIn(report, 'tests')).toMatchObject({
        status: 'left-out',
        reason: expect.stringContaining('BATON_SANDBOX=none'),
      });
    }
  });

  it('execute it where the operator says so', async () => {
    const args = typescript([PACKAGE, SUM, SUM_TEST], { writtenBy: 'claude-opus-5-5' });
    const report = await run(args, { sandbox: async () => bare });
    expect(report).toMatchObject({ passed: true, leftOut: [], warning: expect.stringContaining('BATON_SANDBOX=none') });
    expect(report.tools.map(({ execution }) => execution?.driver)).toEqual(['none', 'none', 'none']);
  });

  it.skipIf(!hasSandbox)('execute it in the sandbox, whoever wrote it, and keep a record of each run', async () => {
    const args = typescript([PACKAGE, SUM, SUM_TEST], { writtenBy: 'claude-opus-5-5' });
    const report = await run(args, { isOfflineWork: async () => false });
    expect(report).toMatchObject({ passed: true, leftOut: [], warning: null });
    for (const { execution, durationMs } of report.tools)
      expect(execution).toMatchObject({
        driver: 'bwrap',
        limits: { wallMs: DEFAULT_LIMITS.wallMs },
        exitCode: 0,
        stopped: null,
        durationMs,
        outputSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
  });

  it('execute the offline model’s own code where there is no sandbox, and say so', async () => {
    const report = await run(typescript([PACKAGE, SUM, SUM_TEST]), { sandbox: async () => trustedOnly });
    expect(report).toMatchObject({ passed: true, warning: expect.stringContaining('offline model’s own') });
  });

  it('do not believe the arguments that it is the offline model’s own', async () => {
    const changes = { sandbox: async () => trustedOnly, isOfflineWork: async () => false };
    const report = await run(typescript([PACKAGE, SUM, SUM_TEST]), changes);
    expect(report.leftOut).toEqual(['tests']);
    expect(report.reason).toMatch(/not what a task of the offline model wrote.*BATON_SANDBOX=none/);
  });

  it('execute nothing, not even that, where only a sandbox may', async () => {
    const args = typescript([PACKAGE, SUM, SUM_TEST]);
    const report = await run(args, { sandbox: async () => ({ ...trustedOnly, executes: 'nothing' }) });
    expect(report).toMatchObject({ passed: false, notRun: ['tests'], warning: null });
    expect(report.reason).toContain('bubblewrap is not installed');
  });

  it('read reports of before there were records', () => {
    const tool = { tool: 'parse', status: 'passed', exitCode: 0, durationMs: 1, findings: [], reason: null };
    const old = { passed: true, language: 'typescript', tools: [tool], failing: [], leftOut: [] };
    expect(ToolReport.parse(old)).toMatchObject({ warning: null, tools: [{ ...tool, execution: null }] });
  });

  it('cap the findings and say how many there are', async () => {
    const content = Array.from({ length: 50 }, (_, index) => `export const a${index}: string = ${index};`).join('\n');
    const findings = findingsOf(await run(typescript([PACKAGE, SUM_TEST, SUM, { path: 'a.ts', content }])), 'types');
    expect(findings).toHaveLength(21);
    expect(findings.at(-1)?.message).toBe('and 30 more');
  });
});

describe('a run of the tools', () => {
  let tmpDir: string;
  beforeAll(async () => {
    tmpDir = await mkdtemp(join(tmpdir(), 'baton-spec-'));
  });
  afterAll(() => rm(tmpDir, { recursive: true }));

  it('leaves no folder behind, whatever it comes to', async () => {
    await run(typescript([PACKAGE, SUM, SUM_TEST]), { tmpDir });
    await run(typescript([SUM]), { tmpDir });
    const aborted = AbortSignal.abort(new Error('let go'));
    await expect(runTools(typescript([PACKAGE, SUM]), { ...settings, tmpDir }, aborted)).rejects.toThrow('let go');
    expect(await readdir(tmpDir)).toEqual([]);
  });
});
