import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunResult, RunView } from '@baton/contracts';
import { BASE_ENV, ended, eventsOf, publish, ROOT, type Stack } from '@baton/test-stack';
import { afterAll, expect } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';

const run = promisify(execFile);

let stack: Stack;
let project: string;
let worker: ChildProcess;

/** A folder outside of this repository, with what `npm install` makes of the tarball of `npm run pack`. */
async function ownProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'my-worker-'));
  await cp(join(ROOT, 'examples/workers/typescript/src'), join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'my-worker', private: true, type: 'module' }));
  const { stdout } = await run(process.execPath, [join(ROOT, 'scripts/pack.mjs'), 'worker', '--to', folder]);
  const wanted = [stdout.trim(), join(ROOT, 'node_modules/@types/node')];
  const quick = ['--install-links', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...quick, ...wanted], { cwd: folder });
  return folder;
}

test.beforeAll(async ({ everything }) => {
  project = await ownProject();
  stack = everything;
  await publish(stack, await readFile(join(ROOT, 'examples/workflows/text-statistics.yaml'), 'utf8'));
  worker = spawn(process.execPath, ['src/main.ts'], {
    cwd: project,
    env: { ...BASE_ENV, ...(await stack.joinEnv()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await rm(project, { recursive: true, force: true });
});

async function outputOf(text: string): Promise<unknown> {
  const body = JSON.stringify({ workflow: 'text-statistics', input: { text } });
  const { runId } = RunView.pick({ runId: true }).parse(await stack.api('/v1/runs', { method: 'POST', body }));
  const view = await ended(stack, runId, 60_000);
  expect(view.status, JSON.stringify(await eventsOf(stack, runId))).toBe('succeeded');
  return RunResult.parse(await stack.api(`/v1/runs/${runId}/result`)).output;
}

test("a user's own worker joins with .baton/env, and a user's own workflow runs on it", async () => {
  expect(await outputOf('How long is this? Not very.')).toEqual({
    length: 'short',
    statistics: { words: 6, sentences: 2, longestWord: 'long', readingMinutes: 0.03 },
  });
});

test("a user's own worker brings neither Nest nor a model's client nor a private package along", async () => {
  const lock = z
    .object({ packages: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')));
  const installed = Object.keys(lock.packages).flatMap((path) => /.*node_modules\/(.+)/.exec(path)?.[1] ?? []);
  expect(installed).toEqual(expect.arrayContaining(['@baton/worker', 'bullmq', 'pg', 'zod']));
  expect(installed.filter((name) => /nestjs|rxjs|anthropic|jsonata|^@baton\/(?!worker$)/.test(name))).toEqual([]);
});

test('the compiler knows what it was installed with, and tells a handler that gives something else', async () => {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const strict = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
  const wrong = (await readFile(join(project, 'src/main.ts'), 'utf8')).replace('longestWord: words', 'longest: words');
  await writeFile(join(project, 'src/wrong.ts'), wrong);
  const checked = run(process.execPath, [tsc, ...strict, 'src/main.ts', 'src/wrong.ts'], { cwd: project });
  const told = z.object({ stdout: z.string() }).parse(await checked.catch((thrown: unknown) => thrown)).stdout;
  expect(told).toContain('longestWord');
  // The declarations that came along are checked, too.
  expect(told.match(/^[^ ].*\(\d+,\d+\): error/gm)?.map((line) => line.split('(')[0])).toEqual(['src/wrong.ts']);
});

test('work is tried without a stack, with what is installed', async () => {
  const script = `
    import { tryTask } from '@baton/worker/testing';
    import { z } from 'zod';
    const work = { input: z.object({ n: z.number() }), output: z.object({ twice: z.number() }) };
    const { result } = await tryTask({ ...work, handle: ({ n }) => ({ twice: 2 * n }) }, { n: 2 });
    console.log(JSON.stringify(result));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: project });
  expect(JSON.parse(stdout)).toEqual({ ok: true, output: { twice: 4 } });
});

test('a workflow catches an error by the name of the class that the worker threw', async () => {
  expect(await outputOf(' … ')).toEqual({ length: 'none', statistics: null });
});

test('the worker ends when it is told to', async () => {
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
});
