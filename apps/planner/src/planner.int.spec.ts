import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type AgentEnv, Plan, startAgent } from '@baton/agents';
import { type JsonObject, resultMessages, resultsQueue, TaskFailed, TaskSucceeded, taskJobId } from '@baton/contracts';
import { createPool, getBlob, listDeadLetters, putBlob } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { type Consumer, consume, type Messaging, openMessaging, prepareQueues } from '@baton/messaging';
import { createLogger, type RunningService } from '@baton/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { PlannerModule } from './planner.module.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const QUEUE = 'worker-planner';
const TIMEOUT = { timeout: 15_000, interval: 30 };
const promptsDir = fileURLToPath(new URL('../../../prompts', import.meta.url));
const planArguments = {
  template: 'step1_initial_planner_prompt_template',
  requirements: 'Write a program that greets people by name.\n- It says hello.\n- It refuses an empty name.',
  language: 'typescript',
  workspaceType: 'isolated',
  documentationLocations: [],
  files: [],
};

describe('the planner service', () => {
  let database: TestDatabase;
  let pool: ReturnType<typeof createPool>;
  let messaging: Messaging;
  let results: Consumer;
  let service: RunningService | undefined;
  let ordinal = 0;
  const received: { readonly name: string; readonly jobId: string; readonly data: unknown }[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgresUrl'));
    const config = { backend: 'postgres', url: database.url } as const;
    await prepareQueues(config);
    pool = createPool(database.url, { role: 'owner', applicationName: 'planner-spec' });
    messaging = await openMessaging(config, { name: 'planner-spec' });
    results = consume(messaging, {
      queue: resultsQueue(RUN),
      messages: resultMessages,
      concurrency: 1,
      handle: async ({ name, jobId, data }) => void received.push({ name, jobId, data }),
      deadLetter: async () => {},
    });
  });
  afterEach(async () => {
    await service?.stop();
    service = undefined;
  });
  afterAll(async () => {
    await results?.stop(1000);
    await messaging?.close();
    await pool?.end();
    await database?.drop();
  });

  const start = async (changes: Partial<AgentEnv> = {}): Promise<void> => {
    const log = createLogger({ name: 'planner', level: 'silent' });
    const health = { addCheck: () => {}, setPhase: () => {}, report: () => Promise.reject(new Error('not asked')) };
    const env = { DATABASE_URL: database.url, BATON_PROMPTS_DIR: promptsDir, BATON_CONCURRENCY: 2, ...changes };
    const fail = (error: Error): never => {
      throw error;
    };
    service = await startAgent(
      { agent: 'planner', module: PlannerModule },
      { log, health, signal: new AbortController().signal, fail },
      env,
    );
  };
  const send = async (body: JsonObject): Promise<string> => {
    ordinal += 1;
    const commandId = `${RUN}-${ordinal}`;
    const envelope = { v: 1, id: `m-${ordinal}`, runId: RUN, commandId, step: 1, dispatchNo: 0 };
    const task = { ...envelope, kind: 'planner', state: 'Plan', attempt: 1, ...body };
    await messaging.publish(QUEUE, [{ jobId: taskJobId(commandId, 0), name: 'task', data: task }]);
    return commandId;
  };
  const resultOf = (commandId: string) =>
    vi.waitFor(() => {
      const result = received.find(({ jobId }) => jobId === `r-${commandId}-0`);
      expect(result).toBeDefined();
      return { name: result?.name, data: result?.data };
    }, TIMEOUT);

  it('answers a task on the results queue of its run', async () => {
    await start();
    const { name, data } = await resultOf(await send({ arguments: planArguments }));
    expect(name).toBe('succeeded');
    const result = TaskSucceeded.parse(data);
    expect(result).toMatchObject({ model: 'offline', journal: { calls: 1, replayed: 0 } });
    expect(Plan.parse(result.output).files.length).toBeGreaterThan(0);
  });

  it('takes arguments from the blob store and puts a large plan there', async () => {
    await start();
    const requirements = `Keep a list.\n${Array.from({ length: 60 }, (_, n) => `- Point ${n}: ${'much to say '.repeat(40)}`).join('\n')}`;
    const { sha256, size } = await putBlob(pool, JSON.stringify({ ...planArguments, requirements }));
    const result = TaskSucceeded.parse((await resultOf(await send({ blobRef: { sha256, size } }))).data);
    const text = result.blobRef === undefined ? JSON.stringify(result.output) : await getBlob(pool, result.blobRef);
    expect(Plan.parse(JSON.parse(text)).goal).not.toBe('');
    expect(result.blobRef === undefined).toBe(Buffer.byteLength(text) <= 16 * 1024);
  });

  it('reports a refused API key as a failed task that names ANTHROPIC_API_KEY', async () => {
    const refusing = createServer((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => refusing.once('listening', resolve));
    const { port } = refusing.address() as AddressInfo;
    await start({ ANTHROPIC_API_KEY: 'wrong', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` });
    const { name, data } = await resultOf(await send({ arguments: planArguments }));
    refusing.close();
    expect(name).toBe('failed');
    expect(TaskFailed.parse(data)).toMatchObject({
      error: 'Baton.ModelUnavailable',
      retryable: false,
      cause: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  });

  it('reports arguments that do not fit as a failed task', async () => {
    await start();
    const { name, data } = await resultOf(await send({ arguments: { ...planArguments, requirements: ' ' } }));
    expect(name).toBe('failed');
    expect(TaskFailed.parse(data)).toMatchObject({ error: 'Baton.InvalidInput', retryable: false });
  });

  it('drops a task whose deadline has passed', async () => {
    await start();
    const commandId = await send({ arguments: planArguments, deadline: '2020-01-01T00:00:00Z' });
    await vi.waitFor(async () => {
      expect(await messaging.jobState(QUEUE, taskJobId(commandId, 0))).toBe('completed');
    }, TIMEOUT);
    expect(received.some(({ jobId }) => jobId === `r-${commandId}-0`)).toBe(false);
  });

  it('sends what is no task to the dead letter with the reason', async () => {
    await start();
    await messaging.publish(QUEUE, [{ jobId: 'nonsense', name: 'task', data: { hello: 'there', requestId: 'r-1' } }]);
    await vi.waitFor(async () => {
      expect(await listDeadLetters(pool, { limit: 1 })).toMatchObject([
        { source: QUEUE, name: 'task', reason: expect.stringContaining('undecodable-message') },
      ]);
    }, TIMEOUT);
  });

  it('does not start without its prompts, and says where they are looked for', async () => {
    await expect(start({ BATON_PROMPTS_DIR: '/nowhere' })).rejects.toMatchObject({
      code: 'template-missing',
      next: expect.stringContaining('BATON_PROMPTS_DIR'),
    });
  });
});
