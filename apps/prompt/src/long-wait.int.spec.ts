import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TaskFailed, TaskSucceeded } from '@baton/contracts';
import { apiError, type MessagesServer, message, startMessagesServer } from '@baton/llm/testing';
import { WorkerFixture } from '@baton/worker/testing';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const WAIT_S = 4;

let fixture: WorkerFixture;
let server: MessagesServer;
let service: ChildProcess;

/** A server that asks those who say `later` to come again after a while, the first time. */
beforeEach(async () => {
  if (!existsSync(PROGRAM)) throw new Error('apps/prompt is not built: run tsc -b first');
  fixture = await WorkerFixture.open(inject('postgresUrl'), 'prompt');
  let isBusy = true;
  server = await startMessagesServer((response, request) => {
    const isRefused = isBusy && JSON.stringify(request.body).includes('later');
    isBusy &&= !isRefused;
    const busy = apiError(429, 'rate_limit_error', 'Slow down', { 'retry-after': String(WAIT_S) });
    return (isRefused ? busy : message({ texts: ['{"text":"ok"}'] }))(response, request);
  });
  service = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: fixture.env.DATABASE_URL,
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: server.url,
      BATON_CONCURRENCY: '1',
    },
    stdio: 'ignore',
  });
});
afterEach(async () => {
  const exit = once(service, 'exit');
  service.kill('SIGKILL');
  await exit;
  await server.close();
  await fixture.close();
});

it('waits in the queue as long as the server says, holds no worker, and says that it will be silent', async () => {
  const waiting = await fixture.send({ arguments: { prompt: 'later' }, heartbeatSeconds: 2 });
  await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 20_000, interval: 20 });
  const since = Date.now();
  const other = await fixture.send({ arguments: { prompt: 'now' } });
  // The only worker there is.
  expect(TaskSucceeded.parse((await fixture.resultOf(other)).data).output).toEqual({ text: 'ok' });
  expect(fixture.hasResult(waiting)).toBe(false);
  expect(fixture.heartbeatsOf(waiting).map(({ waitSeconds }) => waitSeconds)).toContain(WAIT_S);

  expect(TaskSucceeded.parse((await fixture.resultOf(waiting)).data).output).toEqual({ text: 'ok' });
  expect(Date.now() - since).toBeGreaterThan((WAIT_S - 1) * 1000);
  expect(server.received).toHaveLength(3);
}, 40_000);

it('fails a task at once that has less time than the server asks for', async () => {
  // Until the service is there, which may take longer than the task has.
  await fixture.resultOf(await fixture.send({ arguments: { prompt: 'now' } }));
  const deadline = new Date(Date.now() + 3_000).toISOString();
  const commandId = await fixture.send({ arguments: { prompt: 'later' }, deadline });
  expect(TaskFailed.parse((await fixture.resultOf(commandId)).data)).toMatchObject({
    error: 'Baton.ModelUnavailable',
    retryable: false,
    cause: expect.stringContaining(`a wait of ${WAIT_S} s`),
  });
  expect(server.received).toHaveLength(2);
}, 40_000);
