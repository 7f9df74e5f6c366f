import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { TaskFailed, TaskSucceeded, taskJobId, workerQueue } from '@baton/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { type CreateWorkerOptions, createWorker } from './create-worker.js';
import { queueBackends } from './testing/queue-backends.js';
import { WorkerFixture } from './testing/worker-fixture.js';
import type { HandleContext } from './typed-handler.js';

const KIND = 'greeter';
const Input = z.strictObject({ name: z.string().min(1) });
const Output = z.object({ greeting: z.string() });
type Handle = CreateWorkerOptions<typeof Input, typeof Output>['handle'];

const TIMEOUT = { timeout: 15_000, interval: 30 };
const greet: Handle = ({ name }) => ({ greeting: `Hello, ${name}.` });

for (const { backend, redisUrl, isAvailable } of queueBackends()) {
  describe.skipIf(!isAvailable)(`a worker of a user with queues on ${backend}`, () => {
    let fixture: WorkerFixture;
    beforeAll(async () => {
      fixture = await WorkerFixture.open(inject('postgresUrl'), KIND, redisUrl);
    });
    afterEach(() => fixture.stop());
    afterAll(() => fixture?.close());

    const create = (
      handle: Handle = greet,
      options: { readonly bundle?: number; readonly concurrency?: number } = {},
    ) =>
      createWorker({
        ...options,
        kind: KIND,
        input: Input,
        output: Output,
        handle,
        env: { ...fixture.env, BATON_CONCURRENCY: '2', BATON_LOG: 'silent' },
      });
    const start = (handle: Handle = greet): Promise<void> =>
      fixture.start(async () => {
        const worker = await create(handle);
        return { stop: () => worker.stop(1000) };
      });

    const jobStateOf = (commandId: string) => fixture.messaging.jobState(workerQueue(KIND), taskJobId(commandId, 0));

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

    it('fails a task whose output does not fit its schema', async () => {
      await start(() => JSON.parse('{ "greeting": 7 }'));
      const { data } = await fixture.resultOf(await fixture.send({ arguments: { name: 'Ada' } }));
      expect(TaskFailed.parse(data)).toMatchObject({
        error: 'Baton.InvalidOutput',
        cause: expect.stringContaining('greeting'),
      });
    });

    it('lets go of a task whose deadline passes in the middle, without a result', async () => {
      const letGo = Promise.withResolvers<unknown>();
      await start((_, { signal }) => {
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            letGo.resolve(signal.reason);
            reject(signal.reason);
          }),
        );
      });
      const deadline = new Date(Date.now() + 3_000).toISOString();
      const commandId = await fixture.send({ arguments: { name: 'Ada' }, deadline });
      expect(await letGo.promise).toMatchObject({ code: 'task-time-up' });
      await vi.waitFor(async () => expect(await jobStateOf(commandId)).toBe('completed'), TIMEOUT);
      expect(fixture.hasResult(commandId)).toBe(false);
    });

    it('is told within two seconds that a task it has in work is not wanted any more', { retry: 2 }, async () => {
      const begun = Promise.withResolvers<void>();
      const letGo = Promise.withResolvers<unknown>();
      await start((_, { signal }) => {
        begun.resolve();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            letGo.resolve(signal.reason);
            reject(signal.reason);
          }),
        );
      });
      const commandId = await fixture.send({ arguments: { name: 'Ada' } });
      await begun.promise;
      const closedAtMs = Date.now();
      await fixture.closeCommand(commandId);
      expect(await letGo.promise).toMatchObject({ code: 'task-given-up' });
      expect(Date.now() - closedAtMs).toBeLessThan(2_000);
      await vi.waitFor(async () => expect(await jobStateOf(commandId)).toBe('completed'), TIMEOUT);
      expect(fixture.hasResult(commandId)).toBe(false);
    });

    it('does not begin a task that nobody waits for any more', async () => {
      const commandId = await fixture.send({ arguments: { name: 'Ada' } });
      await fixture.closeCommand(commandId);
      const handle = vi.fn(greet);
      await start(handle);
      await vi.waitFor(async () => expect(await jobStateOf(commandId)).toBe('completed'), TIMEOUT);
      expect(handle).not.toHaveBeenCalled();
      expect(fixture.hasResult(commandId)).toBe(false);
    });

    it('sends few heartbeats of a tight loop, and none once the task is done', async () => {
      const kept: HandleContext[] = [];
      await start(async (input, context) => {
        kept.push(context);
        const end = Date.now() + 1_000;
        while (Date.now() < end) {
          for (let n = 0; n < 1_000; n += 1) context.heartbeat();
          await setImmediate();
        }
        return greet(input, context);
      });
      const commandId = await fixture.send({ arguments: { name: 'Ada' }, heartbeatSeconds: 1.2 });
      await fixture.resultOf(commandId);
      await sleep(500);
      for (const context of kept) context.heartbeat('too late');
      await sleep(300);
      const { length } = fixture.heartbeatsOf(commandId);
      expect(length).toBeGreaterThanOrEqual(2);
      expect(length).toBeLessThanOrEqual(4);
      expect(fixture.heartbeatsOf(commandId).some(({ progress }) => progress === 'too late')).toBe(false);
    });

    it('sends its heartbeats before its result', async () => {
      await start((input, context) => {
        context.heartbeat('half way');
        return greet(input, context);
      });
      const commandId = await fixture.send({ arguments: { name: 'Ada' } });
      await fixture.resultOf(commandId);
      await vi.waitFor(() => expect(fixture.heartbeatsOf(commandId)).toMatchObject([{ progress: 'half way' }]), {
        timeout: 20_000,
      });
    });

    it('hands back what it has not done when it stops, and the next one does it', async () => {
      const keys: string[] = [];
      const begun = Promise.withResolvers<void>();
      const worker = await create(async (_, { signal, idempotencyKey }) => {
        keys.push(idempotencyKey);
        begun.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      });
      const commandId = await fixture.send({ arguments: { name: 'Ada' } });
      await begun.promise;
      await Promise.all([worker.stop(50), worker.stop(50)]);
      expect(fixture.hasResult(commandId)).toBe(false);
      await start((input, context) => {
        keys.push(context.idempotencyKey);
        return greet(input, context);
      });
      expect((await fixture.resultOf(commandId)).name).toBe('succeeded');
      expect(keys).toEqual([commandId, commandId]);
      await vi.waitFor(async () => expect(await jobStateOf(commandId)).toBe('completed'), TIMEOUT);
    });

    it('begins no task of a bundle once it stops, and the next one does what was not done', async () => {
      const begun: string[] = [];
      const second = Promise.withResolvers<void>();
      const worker = await create(
        async (input, context) => {
          begun.push(input.name);
          if (begun.length < 2) return greet(input, context);
          second.resolve();
          return new Promise((_resolve, reject) =>
            context.signal.addEventListener('abort', () => reject(context.signal.reason)),
          );
        },
        { bundle: 4, concurrency: 1 },
      );
      const names = ['Ada', 'Bob', 'Cy', 'Di'];
      const commandIds = await fixture.sendTogether(names.map((name) => ({ arguments: { name } })));
      await second.promise;
      await worker.stop(50);
      expect(begun).toEqual(['Ada', 'Bob']);
      await start();
      const results = await Promise.all(commandIds.map((commandId) => fixture.resultOf(commandId)));
      expect(results.map(({ data }) => TaskSucceeded.parse(data).output)).toEqual(
        names.map((name) => ({ greeting: `Hello, ${name}.` })),
      );
    });

    it('finds at a second delivery what it noted and stored at the first', async () => {
      const found: unknown[] = [];
      const noted = Promise.withResolvers<void>();
      const worker = await create(async (_, { signal, journal, blobs }) => {
        await journal.write(0, { sha256: (await blobs.put(Buffer.from('all the work'))).sha256 });
        await journal.write(0, 'a second note of the same number');
        noted.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      });
      const commandId = await fixture.send({ arguments: { name: 'Ada' } });
      await noted.promise;
      await worker.stop(0);
      await start(async (input, context) => {
        const { sha256 } = z.object({ sha256: z.string() }).parse(await context.journal.read(0));
        found.push((await context.blobs.get(sha256)).toString(), await context.journal.read(1));
        context.tell({ usage: { inputTokens: 7, outputTokens: 1, costUsd: null } });
        return greet(input, context);
      });
      const { data } = await fixture.resultOf(commandId);
      expect(TaskSucceeded.parse(data).usage).toEqual({ inputTokens: 7, outputTokens: 1, costUsd: null });
      expect(found).toEqual(['all the work', null]);
    });

    it('closes what it opened where it cannot start, and says what is wrong', async () => {
      const options = { kind: KIND, input: Input, output: Output, handle: greet };
      await expect(createWorker({ ...options, env: {} })).rejects.toMatchObject({ code: 'invalid-environment' });
      await expect(createWorker({ ...options, kind: 'No Kind' })).rejects.toMatchObject({ code: 'worker-kind' });
      const nowhere = { DATABASE_URL: fixture.env.DATABASE_URL, REDIS_URL: 'redis://127.0.0.1:1', BATON_LOG: 'silent' };
      const ofWorkers = `select count(*)::int as count from pg_stat_activity where application_name = 'baton-${KIND}'`;
      await expect(createWorker({ ...options, env: nowhere })).rejects.toMatchObject({ code: 'queue-unreachable' });
      await vi.waitFor(async () => expect((await fixture.pool.query(ofWorkers)).rows).toEqual([{ count: 0 }]), {
        timeout: 20_000,
      });
    });
  });
}
