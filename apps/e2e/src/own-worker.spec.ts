import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
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

/** A folder outside of this repository, as `npm install <repository>/libs/worker zod` leaves it. */
async function ownProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'my-worker-'));
  await cp(join(ROOT, 'examples/workers/typescript/src'), join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'my-worker', private: true, type: 'module' }));
  await mkdir(join(folder, 'node_modules/@baton'), { recursive: true });
  await symlink(join(ROOT, 'libs/worker'), join(folder, 'node_modules/@baton/worker'));
  await cp(join(ROOT, 'node_modules/zod'), join(folder, 'node_modules/zod'), { recursive: true });
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

test("a user's own worker loads the queues and the database, and neither Nest nor a model's client", async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    await import('@baton/worker');
    console.log(JSON.stringify(urls));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: project });
  const packages = z
    .array(z.string())
    .parse(JSON.parse(stdout))
    .flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(expect.arrayContaining(['bullmq', 'pg', 'zod']));
  expect(packages.filter((name) => /nestjs|rxjs|anthropic|jsonata/.test(name))).toEqual([]);
});

test('a workflow catches an error by the name of the class that the worker threw', async () => {
  expect(await outputOf(' … ')).toEqual({ length: 'none', statistics: null });
});

test('the worker ends when it is told to', async () => {
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
});
