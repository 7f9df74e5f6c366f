import { fileURLToPath } from 'node:url';
import { Deliverable, startAgent } from '@baton/agents';
import { resultMessages, resultsQueue, TaskSucceeded, taskJobId } from '@baton/contracts';
import { createPool, getBlob } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { consume, openMessaging, prepareQueues } from '@baton/messaging';
import { createLogger } from '@baton/service-kit';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { ProgrammerModule } from './programmer.module.js';

const RUN = '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11';
const COMMAND = `${RUN}-1`;
const plan = {
  goal: 'A list.',
  components: [{ name: 'list', purpose: 'holds the points' }],
  files: [{ path: 'src/requirements.ts', purpose: 'code' }],
  interfaces: [],
  testPlan: ['the list has two points'],
  risks: [],
  openQuestions: [],
  answers: [],
};

test('the programmer service answers a task with a deliverable, and the same task again from the journal', async () => {
  const database = await createTestDatabase(inject('postgresUrl'));
  onTestFinished(() => database.drop());
  const config = { backend: 'postgres', url: database.url } as const;
  await prepareQueues(config);
  const pool = createPool(database.url, { role: 'owner', applicationName: 'programmer-spec' });
  const messaging = await openMessaging(config, { name: 'programmer-spec' });
  const received = new Map<string, TaskSucceeded>();
  const results = consume(messaging, {
    queue: resultsQueue(RUN),
    messages: resultMessages,
    concurrency: 1,
    handle: async ({ jobId, data }) => void received.set(jobId, TaskSucceeded.parse(data)),
    deadLetter: async () => {},
  });
  const log = createLogger({ name: 'programmer', level: 'silent' });
  const health = { addCheck: () => {}, setPhase: () => {}, report: () => Promise.reject(new Error('not asked')) };
  const service = await startAgent(
    { agent: 'programmer', module: ProgrammerModule },
    { log, health, signal: new AbortController().signal, fail: () => {} },
    {
      DATABASE_URL: database.url,
      BATON_PROMPTS_DIR: fileURLToPath(new URL('../../../prompts', import.meta.url)),
      BATON_CONCURRENCY: 1,
    },
  );
  onTestFinished(async () => {
    await service.stop();
    await results.stop(1000);
    await messaging.close();
    await pool.end();
  });

  const ask = async (dispatchNo: number): Promise<TaskSucceeded> => {
    const envelope = { v: 1, id: `m-${dispatchNo}`, runId: RUN, commandId: COMMAND, step: 4, dispatchNo };
    const template = 'step4_programmer_prompt_template';
    const args = { template, requirements: 'A list.\n- One\n- Two', language: 'typescript', plan, files: [] };
    const task = { ...envelope, kind: 'programmer', state: 'Implement', attempt: 1, arguments: args };
    await messaging.publish('worker-programmer', [{ jobId: taskJobId(COMMAND, dispatchNo), name: 'task', data: task }]);
    return vi.waitFor(
      () => {
        const result = received.get(`r-${COMMAND}-${dispatchNo}`);
        if (result === undefined) throw new Error('no result yet');
        return result;
      },
      { timeout: 15_000, interval: 30 },
    );
  };

  const first = await ask(0);
  const output = first.blobRef === undefined ? first.output : JSON.parse(await getBlob(pool, first.blobRef));
  expect(Deliverable.parse(output)).toMatchObject({ language: 'typescript', writtenBy: 'offline' });
  expect(first.journal).toEqual({ calls: 1, replayed: 0 });

  const again = await ask(1);
  expect(again).toMatchObject({ journal: { calls: 1, replayed: 1 }, dispatchNo: 1 });
  expect([again.output, again.blobRef]).toEqual([first.output, first.blobRef]);
});
