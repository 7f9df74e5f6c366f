import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI, ended, publish, ROOT, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

/* Limits as an operator sees them: a file at the start, what waits for what, and other limits while all runs. */

const WAITS = {
  name: 'waits',
  version: '1.0.0',
  title: 'Waits for a signal',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Go',
    States: { Go: { Type: 'Task', Resource: 'baton:signal:go', End: true } },
  },
};

let folder: string;
let stack: Stack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-limits-'));
  const file = join(folder, 'limits.json');
  await writeFile(file, JSON.stringify({ runs: { workflows: { waits: 1 } } }));
  stack = await Stack.start({ args: ['--only', 'gateway,orchestrator'], env: { BATON_LIMITS: file } });
  await publish(stack, WAITS);
});
afterAll(async () => {
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

const baton = (
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { cwd: ROOT, env: stack.env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

test('a run beyond a cap waits and says for what, and begins when the limits are taken away', async () => {
  const first = await submit(stack, { workflow: 'waits', input: {} });
  await until(async () => (await baton('run', 'get', first)).out.includes('signal go'), 'the first run to begin');
  const second = await submit(stack, { workflow: 'waits', input: {} });
  await until(
    async () => (await baton('run', 'get', second)).out.includes('a place: workflow waits has 1 of 1'),
    'the second run to wait',
  );
  expect((await baton('run', 'list')).out).toContain('waits for a place');
  const waiting = await baton('queue', 'waiting', '-o', 'json');
  expect(JSON.parse(waiting.out)).toMatchObject([{ limit: 'workflow waits', underWay: 1, most: 1, waiting: 1 }]);

  await writeFile(join(folder, 'wrong.json'), JSON.stringify({ runs: { perWorkflows: 1 } }));
  const refused = await baton('limits', 'apply', join(folder, 'wrong.json'));
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('runs.perWorkflows is not known here; did you mean "perWorkflow"?');
  expect((await baton('limits', 'show', '-o', 'json')).out).toContain('"waits": 1');

  expect(await baton('limits', 'clear')).toMatchObject({ code: 0 });
  await until(async () => (await baton('run', 'get', second)).out.includes('signal go'), 'the second run to begin');
  for (const runId of [first, second]) {
    await baton('run', 'signal', runId, 'go');
    expect((await ended(stack, runId)).status).toBe('succeeded');
  }
});
