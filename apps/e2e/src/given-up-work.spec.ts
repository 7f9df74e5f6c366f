import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunAccepted } from '@baton/contracts';
import { BASE_ENV, ended, publish, ROOT, type Stack } from '@baton/test-stack';
import { afterAll, expect, vi } from 'vitest';
import { test } from './testing/shared-stack.js';

/** A worker of a user that does one task at a time, and writes down what happens to it. */
const WORKER = `
  import { appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { createWorker } from '@baton/worker';
  import { z } from 'zod';
  const note = (text) => appendFileSync(process.env.NOTES, text + '\\n');
  await createWorker({
    kind: 'careful', concurrency: 1, input: z.object({ seconds: z.number() }), output: z.null(),
    handle: async ({ seconds }, { runId, signal }) => {
      note(runId + ' begun');
      await sleep(seconds * 1000, undefined, { signal }).catch(() => note(runId + ' ' + signal.reason.code));
      signal.throwIfAborted();
      return null;
    },
  });
  note('ready');`;

let stack: Stack;
let folder: string;
let worker: ChildProcess;
const notes = (): Promise<string> => readFile(join(folder, 'notes'), 'utf8').catch(() => '');
const noted = (text: string, timeout = 20_000): Promise<void> =>
  vi.waitFor(async () => expect(await notes()).toContain(text), { timeout, interval: 50 });

test.beforeAll(async ({ everything }) => {
  stack = everything;
  folder = await mkdtemp(join(ROOT, 'node_modules/.cache/given-up-'));
  await writeFile(join(folder, 'worker.mjs'), WORKER);
  worker = spawn(process.execPath, [join(folder, 'worker.mjs')], {
    env: { ...BASE_ENV, ...(await stack.joinEnv()), NOTES: join(folder, 'notes') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await noted('ready');
  const careful = (seconds: number) => ({
    Type: 'Task',
    Resource: 'baton:worker:careful',
    Arguments: { seconds },
    End: true,
  });
  const document = (name: string, States: object) =>
    JSON.stringify({
      name,
      version: '1.0.0',
      title: name,
      definition: { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States },
    });
  await publish(stack, document('careful-long', { A: careful(60) }));
  await publish(stack, document('careful-short', { A: careful(0) }));
  const failing = {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 3, Next: 'F' }, F: { Type: 'Fail', Error: 'E' } },
  };
  const working = { StartAt: 'T', States: { T: careful(60) } };
  await publish(
    stack,
    document('careful-sibling', { P: { Type: 'Parallel', Branches: [failing, working], End: true } }),
  );
});
afterAll(async () => {
  worker?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const submit = async (workflow: string): Promise<string> =>
  RunAccepted.parse(await stack.api('/v1/runs', { method: 'POST', body: JSON.stringify({ workflow, input: {} }) }))
    .runId;
const cancel = (runId: string) => stack.api(`/v1/runs/${runId}/cancel`, { method: 'POST', body: '{}' });

test('a run that is cancelled tells its worker within two seconds, and what waited behind it is not begun', {
  retry: 2,
}, async () => {
  const inWork = await submit('careful-long');
  await noted(`${inWork} begun`);
  const queued = await submit('careful-short');
  await vi.waitFor(async () => expect(JSON.stringify(await stack.api(`/v1/runs/${queued}`))).toContain('"work":[{'), {
    timeout: 20_000,
  });
  await cancel(queued);
  await cancel(inWork);
  const cancelledAt = Date.now();
  await noted(`${inWork} task-cancelled`, 5_000);
  expect(Date.now() - cancelledAt).toBeLessThan(2_500);
  const next = await submit('careful-short');
  expect(await ended(stack, next, 30_000)).toMatchObject({ status: 'succeeded' });
  expect(await notes()).not.toContain(`${queued} begun`);
});

test('a task whose sibling failed is let go', async () => {
  const runId = await submit('careful-sibling');
  await noted(`${runId} begun`);
  await noted(`${runId} task-given-up`);
  expect(await ended(stack, runId, 10_000)).toMatchObject({ status: 'failed', error: 'E' });
});
