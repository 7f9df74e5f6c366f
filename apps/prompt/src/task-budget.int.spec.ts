import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TaskFailed, TaskSucceeded } from '@baton/contracts';
import { type MessagesServer, message, startMessagesServer } from '@baton/llm/testing';
import { WorkerFixture } from '@baton/worker/testing';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';

/*
 * A budget across a kill, with the real parts: the service as its own process, the journal in Postgres, the queue, and a
 * server behind the Messages API whose answers are counted and priced.
 */

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const USED = { input_tokens: 4_000, output_tokens: 1_500, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const output = {
  type: 'object',
  properties: { mood: { type: 'string' } },
  required: ['mood'],
  additionalProperties: false,
};
const question = { prompt: 'What mood is this?', output, model: 'claude-sonnet-5-5', maxOutputTokens: 16_000 };

describe('the budget of a task', () => {
  let fixture: WorkerFixture;
  let server: MessagesServer;
  let service: ChildProcess;
  /** What the server does with its second request; the first answer fits no schema and is asked for again. */
  let isSecondAnswered: boolean;

  beforeEach(async () => {
    if (!existsSync(PROGRAM)) throw new Error('apps/prompt is not built: run tsc -b first');
    isSecondAnswered = false;
    fixture = await WorkerFixture.open(inject('postgresUrl'), 'prompt');
    server = await startMessagesServer(
      message({ texts: ['I do not know.'], usage: USED }),
      async (response, request) => {
        if (isSecondAnswered) await message({ texts: ['{"mood":"fair"}'], usage: USED })(response, request);
      },
    );
    service = start();
  });
  afterEach(async () => {
    await kill();
    await server.close();
    await fixture.close();
  });

  const start = (): ChildProcess =>
    spawn(process.execPath, [PROGRAM], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: fixture.env.DATABASE_URL,
        ANTHROPIC_API_KEY: 'test',
        ANTHROPIC_BASE_URL: server.url,
      },
      stdio: 'ignore',
    });
  const kill = async (): Promise<void> => {
    if (service.exitCode !== null || service.signalCode !== null) return;
    const exit = once(service, 'exit');
    service.kill('SIGKILL');
    await exit;
  };
  const requests = (count: number): Promise<void> =>
    vi.waitFor(() => expect(server.received).toHaveLength(count), { timeout: 20_000, interval: 20 });
  const outputLimit = (index: number): number =>
    z.object({ max_tokens: z.int() }).parse(server.received[index]?.body).max_tokens;

  it.each([{ tokens: 20_000 }, { usd: 0.15 }])(
    'counts a call once whose answer was in the journal when the worker was killed: %j',
    async (budget) => {
      const commandId = await fixture.send({ arguments: question, budget });
      await requests(2);
      const lowered = outputLimit(1);
      await kill();
      expect(fixture.hasResult(commandId)).toBe(false);

      isSecondAnswered = true;
      service = start();
      await fixture.dispatch(commandId, 1, { arguments: question, budget });
      const { data } = await fixture.resultOf(commandId, 1);
      expect(TaskSucceeded.parse(data)).toMatchObject({
        output: { mood: 'fair' },
        usage: { inputTokens: 8_000, outputTokens: 3_000, costUsd: (8_000 * 2 + 3_000 * 10) / 1_000_000 },
        journal: { calls: 2, replayed: 1 },
      });
      // The same room as before the kill: the first call was taken off, and not twice.
      expect(server.received).toHaveLength(3);
      expect(outputLimit(2)).toBe(lowered);
      expect(lowered).toBeLessThan(outputLimit(0));
    },
  );

  it('ends before a call that may exceed it, also after a kill, and the failure reports what was used', async () => {
    // Enough for the first call with half of its output, not for a second one.
    const budget = { tokens: 9_500 };
    const commandId = await fixture.send({ arguments: question, budget });
    const first = TaskFailed.parse((await fixture.resultOf(commandId)).data);
    expect(first).toMatchObject({
      error: 'Baton.BudgetExhausted',
      retryable: false,
      usage: { inputTokens: 4_000, outputTokens: 1_500 },
      cause: expect.stringContaining("4,000 of the task's 9,500 tokens are left"),
    });
    await kill();
    service = start();
    await fixture.dispatch(commandId, 1, { arguments: question, budget });
    const again = TaskFailed.parse((await fixture.resultOf(commandId, 1)).data);
    expect(again).toMatchObject({ error: first.error, cause: first.cause, usage: first.usage });
    expect(server.received).toHaveLength(1);
  });
});
