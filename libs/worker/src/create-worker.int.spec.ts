import { TaskFailed, TaskSucceeded, taskJobId, workerQueue } from '@baton/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { type CreateWorkerOptions, createWorker } from './create-worker.js';
import { WorkerFixture } from './testing/worker-fixture.js';

const KIND = 'greeter';
const Input = z.strictObject({ name: z.string().min(1) });
const Output = z.object({ greeting: z.string() });
type Handle = CreateWorkerOptions<typeof Input, typeof Output>['handle'];

const greet: Handle = ({ name }) => ({ greeting: `Hello, ${name}.` });

describe('a worker of a user', () => {
  let fixture: WorkerFixture;
  beforeAll(async () => {
    fixture = await WorkerFixture.open(inject('postgresUrl'), KIND);
  });
  afterEach(() => fixture.stop());
  afterAll(() => fixture?.close());

  const create = (handle: Handle = greet) =>
    createWorker({
      kind: KIND,
      input: Input,
      output: Output,
      handle,
      env: { DATABASE_URL: fixture.env.DATABASE_URL, BATON_LOG: 'silent' },
    });
  const start = (handle: Handle = greet): Promise<void> =>
    fixture.start(async () => {
      const worker = await create(handle);
      return { stop: () => worker.stop(1000) };
    });

  it('answers a task on the results queue of its run', async () => {
    await start();
    const { name, data } = await fixture.resultOf(await fixture.send({ arguments: { name: 'Ada' } }));
    expect(name).toBe('succeeded');
    expect(TaskSucceeded.parse(data).output).toEqual({ greeting: 'Hello, Ada.' });
  });

  it('reports arguments that do not fit, and what its handler throws, as failed tasks', async () => {
    class NameTaken extends Error {}
    await start(() => {
      throw new NameTaken('it is taken');
    });
    const unfit = await fixture.resultOf(await fixture.send({ arguments: { name: '' } }));
    const taken = await fixture.resultOf(await fixture.send({ arguments: { name: 'Ada' } }));
    expect(TaskFailed.parse(unfit.data)).toMatchObject({ error: 'Baton.InvalidInput', retryable: false });
    expect(TaskFailed.parse(taken.data)).toMatchObject({ error: 'NameTaken', cause: 'it is taken', retryable: true });
  });

  it('sends its heartbeats before its result', async () => {
    await start((input, context) => {
      context.heartbeat('half way');
      return greet(input, context);
    });
    const commandId = await fixture.send({ arguments: { name: 'Ada' } });
    await fixture.resultOf(commandId);
    await vi.waitFor(() => expect(fixture.heartbeatsOf(commandId)).toMatchObject([{ progress: 'half way' }]));
  });

  it('hands back what it has not done when it stops, and the next one does it', async () => {
    const begun = Promise.withResolvers<void>();
    const worker = await create(async (_, { signal }) => {
      begun.resolve();
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    const commandId = await fixture.send({ arguments: { name: 'Ada' } });
    await begun.promise;
    await Promise.all([worker.stop(50), worker.stop(50)]);
    expect(fixture.hasResult(commandId)).toBe(false);
    await start();
    expect((await fixture.resultOf(commandId)).name).toBe('succeeded');
    await vi.waitFor(async () => {
      const state = await fixture.messaging.jobState(workerQueue(KIND), taskJobId(commandId, 0));
      expect(state).toBe('completed');
    });
  });

  it('closes what it opened where it cannot start, and says what is wrong', async () => {
    const options = { kind: KIND, input: Input, output: Output, handle: greet };
    await expect(createWorker({ ...options, env: {} })).rejects.toMatchObject({ code: 'invalid-environment' });
    await expect(createWorker({ ...options, kind: 'No Kind' })).rejects.toMatchObject({ code: 'worker-kind' });
    const nowhere = { DATABASE_URL: fixture.env.DATABASE_URL, REDIS_URL: 'redis://127.0.0.1:1', BATON_LOG: 'silent' };
    const ofWorkers = `select count(*)::int as count from pg_stat_activity where application_name = 'baton-${KIND}'`;
    await expect(createWorker({ ...options, env: nowhere })).rejects.toMatchObject({ code: 'queue-unreachable' });
    await vi.waitFor(async () => expect((await fixture.pool.query(ofWorkers)).rows).toEqual([{ count: 0 }]));
  });
});
