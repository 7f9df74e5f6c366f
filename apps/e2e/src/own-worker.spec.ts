import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunResult, RunView } from '@baton/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, eventsOf } from './testing/runs.js';
import { ROOT, Stack } from './testing/stack.js';

let stack: Stack;
let workflows: string;
let worker: ChildProcess;

beforeAll(async () => {
  workflows = await mkdtemp(join(tmpdir(), 'baton-workflows-'));
  await cp(join(ROOT, 'workflows'), workflows, { recursive: true });
  await cp(join(ROOT, 'examples/workflows'), workflows, { recursive: true });
  stack = await Stack.start({ env: { BATON_WORKFLOWS_DIR: workflows } });
  worker = spawn(process.execPath, [join(ROOT, 'examples/workers/typescript/src/main.ts')], {
    env: { PATH: process.env.PATH, ...(await stack.joinEnv()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await stack?.stop();
  await rm(workflows, { recursive: true, force: true });
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

test('a workflow catches an error by the name of the class that the worker threw', async () => {
  expect(await outputOf(' … ')).toEqual({ length: 'none', statistics: null });
});

test('the worker ends when it is told to', async () => {
  worker.kill('SIGTERM');
  expect(await once(worker, 'exit')).toEqual([0, null]);
});
