import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import { BASE_ENV } from '@baton/test-stack';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { git, printed } from './testing/commands.js';

const run = promisify(execFile);

/** The object that `--json` promises, and nothing else. */
const DemoResult = z.strictObject({
  runId: z.uuid(),
  workflow: z.literal('seven-step'),
  status: z.literal('succeeded'),
  model: z.literal('offline'),
  rounds: z.strictObject({ plan: z.int(), code: z.int() }),
  steps: z.array(
    z.strictObject({
      state: z.string(),
      step: z.int(),
      attempt: z.int(),
      status: z.string(),
      durationMs: z.number().nullable(),
    }),
  ),
  decisions: z.strictObject({ bySource: z.record(z.string(), z.int()) }),
  scores: z.unknown(),
  events: z.int(),
  verified: z.literal(true),
  outDir: z.string(),
  usage: z.strictObject({ inputTokens: z.int(), outputTokens: z.int(), costUsd: z.number().nullable() }),
});

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baton-demo-'));
  await chmod(dir, 0o711); // Root's Postgres runs as somebody else.
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const demo = async (name: string, args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) => {
  const env = { ...BASE_ENV, ...more, BATON_HOME: join(dir, name, 'home'), BATON_MODEL: 'offline' };
  const out = join(dir, name, 'out');
  return DemoResult.parse(JSON.parse(await printed(['demo', '--json', '--out', out, ...args], { env })));
};

test('the demo plans, revises, codes, refines, and hands back code whose own tests pass', async () => {
  const result = await demo('shipped');
  expect(result.rounds.plan).toBeGreaterThan(1);
  expect(result.rounds.code).toBeGreaterThan(1);
  expect(new Set(result.steps.map(({ step }) => step))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  await run(process.execPath, ['--test'], { cwd: result.outDir });
});

test('the demo works on the shipped repository, and the branch that it leaves passes all of its checks', async () => {
  copyPostgresTemplate(join(dir, 'csv-tools/home/postgres'));
  const sandbox = existsSync('/usr/bin/bwrap') ? {} : { BATON_SANDBOX: 'none' };
  const { runId, outDir } = await demo('csv-tools', ['--workspace', 'examples/repository/csv-tools'], sandbox);
  expect(await git(outDir, 'status', '--porcelain')).toBe('');
  const branch = `baton/${runId.slice(0, 8)}`;
  const changes = await git(outDir, 'diff', '--name-status', 'main', branch);
  expect(changes.trim().split('\n')).toEqual(expect.arrayContaining([expect.stringMatching(/^A\ttabular-/)]));
  expect(changes).not.toMatch(/^[^A]/m);
  await git(outDir, 'checkout', '-q', branch);
  await run(process.execPath, ['--test'], { cwd: outDir });
  await run(process.execPath, ['scripts/conventions.ts'], { cwd: outDir });
});

// What these show beyond the others is shown in parts elsewhere, and each starts a whole Baton.
if (inject('effort') === 'long') {
  test('the demo serves a requirements text of one’s own', async () => {
    copyPostgresTemplate(join(dir, 'own/home/postgres'));
    const requirements = join(dir, 'own.md');
    await writeFile(
      requirements,
      '# Invoice totals\n\n- Sum the lines of an invoice.\n- Apply a discount in percent.\n',
    );
    const result = await demo('own', ['--requirements', requirements]);
    expect(await readdir(result.outDir)).not.toEqual([]);
    await run(process.execPath, ['--test'], { cwd: result.outDir });
  });

  test('the demo works on a repository, of which it leaves a copy with a branch, and touches nothing else', async () => {
    copyPostgresTemplate(join(dir, 'repository/home/postgres'));
    const project = join(dir, 'project');
    await mkdir(project);
    await writeFile(join(project, 'LICENSE'), 'Do what you like.\n');
    await git(project, 'init', '-q');
    await git(project, 'add', '-A');
    await git(project, 'commit', '-q', '-m', 'one');
    // The repository's own code would run with the tests.
    const { runId, outDir } = await demo('repository', ['--workspace', project], { BATON_SANDBOX: 'none' });
    expect(await git(project, 'branch', '--format=%(refname:short)')).toBe('main\n');
    expect((await readdir(project)).sort()).toEqual(['.git', 'LICENSE']);
    const branch = `baton/${runId.slice(0, 8)}`;
    expect(await git(outDir, 'branch', '--format=%(refname:short)')).toBe(`${branch}\nmain\n`);
    expect((await git(outDir, 'log', '--format=%s', `main..${branch}`)).split('\n')).toContain('seven-step: round 1');
    await git(outDir, 'checkout', '-q', branch);
    await run(process.execPath, ['--test'], { cwd: outDir });
  });
}
