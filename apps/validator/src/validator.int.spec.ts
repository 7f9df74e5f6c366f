import { fileURLToPath } from 'node:url';
import { type AgentEnv, startAgent, ToolReport } from '@baton/agents';
import { type JsonObject, resultMessages, resultsQueue, TaskSucceeded, taskJobId } from '@baton/contracts';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { type Consumer, consume, type Messaging, openMessaging, prepareQueues } from '@baton/messaging';
import { createLogger, type RunningService } from '@baton/service-kit';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { ValidatorModule } from './validator.module.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const promptsDir = fileURLToPath(new URL('../../../prompts', import.meta.url));
const files = [
  { path: 'package.json', content: '{ "type": "module" }' },
  { path: 'one.ts', content: 'export const one = (): number => 1;\n' },
  {
    path: 'one.test.ts',
    content: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { one } from './one.ts';

test('is one', () => assert.equal(one(), 1));
`,
  },
];
const tools = { tools: true, language: 'typescript', files, testCommand: 'node --test', writtenBy: 'offline' };

describe('the validator service', () => {
  let database: TestDatabase;
  let messaging: Messaging;
  let results: Consumer;
  let service: RunningService | undefined;
  let ordinal = 0;
  const received = new Map<string, unknown>();

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgresUrl'));
    const config = { backend: 'postgres', url: database.url } as const;
    await prepareQueues(config);
    messaging = await openMessaging(config, { name: 'validator-spec' });
    results = consume(messaging, {
      queue: resultsQueue(RUN),
      messages: resultMessages,
      concurrency: 1,
      handle: async ({ jobId, data }) => void received.set(jobId, data),
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
    await database?.drop();
  });

  const start = async (changes: Partial<AgentEnv> = {}): Promise<void> => {
    const log = createLogger({ name: 'validator', level: 'silent' });
    const health = { addCheck: () => {}, setPhase: () => {}, report: () => Promise.reject(new Error('not asked')) };
    const env = { DATABASE_URL: database.url, BATON_PROMPTS_DIR: promptsDir, BATON_CONCURRENCY: 2, ...changes };
    const fail = (error: Error): never => {
      throw error;
    };
    service = await startAgent(
      { agent: 'validator', module: ValidatorModule },
      { log, health, signal: new AbortController().signal, fail },
      env,
    );
  };
  const reportOn = async (args: JsonObject): Promise<ToolReport> => {
    ordinal += 1;
    const commandId = `${RUN}-${ordinal}`;
    const envelope = { v: 1, id: `m-${ordinal}`, runId: RUN, commandId, step: 5, dispatchNo: 0 };
    const task = { ...envelope, kind: 'validator', state: 'Tools', attempt: 1, arguments: args };
    await messaging.publish('worker-validator', [{ jobId: taskJobId(commandId, 0), name: 'task', data: task }]);
    const data = await vi.waitFor(
      () => {
        expect(received.has(`r-${commandId}-0`)).toBe(true);
        return received.get(`r-${commandId}-0`);
      },
      { timeout: 20_000, interval: 30 },
    );
    const result = TaskSucceeded.parse(data);
    expect(result).not.toHaveProperty('model');
    return ToolReport.parse(result.output);
  };

  it('runs the tools on a deliverable, without a model', async () => {
    await start();
    expect(await reportOn(tools)).toMatchObject({ passed: true, failing: [], leftOut: [] });
  });

  it('executes what a model wrote only where BATON_SANDBOX=none says so', async () => {
    await start();
    expect(await reportOn({ ...tools, writtenBy: 'claude-opus-5-5' })).toMatchObject({ leftOut: ['tests'] });
    await service?.stop();
    await start({ BATON_SANDBOX: 'none' });
    expect(await reportOn({ ...tools, writtenBy: 'claude-opus-5-5' })).toMatchObject({ leftOut: [], passed: true });
  });
});
