import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import { BASE_ENV, CLI, ROOT } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

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

const demo = async (name: string, ...args: readonly string[]) => {
  const env = { ...BASE_ENV, BATON_HOME: join(dir, name, 'home'), BATON_MODEL: 'offline' };
  const out = join(dir, name, 'out');
  const { stdout } = await run(process.execPath, [CLI, 'demo', '--json', '--out', out, ...args], { cwd: ROOT, env });
  return DemoResult.parse(JSON.parse(stdout));
};

test('the demo plans, revises, codes, refines, and hands back code whose own tests pass', async () => {
  const result = await demo('shipped');
  expect(result.rounds.plan).toBeGreaterThan(1);
  expect(result.rounds.code).toBeGreaterThan(1);
  expect(new Set(result.steps.map(({ step }) => step))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  await run(process.execPath, ['--test'], { cwd: result.outDir });
});

test('the demo serves a requirements text of one’s own', async () => {
  copyPostgresTemplate(join(dir, 'own/home/postgres'));
  const requirements = join(dir, 'own.md');
  await writeFile(requirements, '# Invoice totals\n\n- Sum the lines of an invoice.\n- Apply a discount in percent.\n');
  const result = await demo('own', '--requirements', requirements);
  expect(await readdir(result.outDir)).not.toEqual([]);
  await run(process.execPath, ['--test'], { cwd: result.outDir });
});
