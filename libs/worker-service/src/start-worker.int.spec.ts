import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL_VERSION, type Task, TaskSucceeded, taskJobId, workerQueue } from '@baton/contracts';
import { announceWorker, getBlob, listDeadLetters, putBlob } from '@baton/event-store';
import type { Delivery } from '@baton/messaging';
import { message } from '@baton/queue-service';
import { TAKE_TASK, type TakeTask } from '@baton/worker';
import { queueBackends, WorkerFixture } from '@baton/worker/testing';
import { Controller, Inject, Module } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { startWorker, type WorkerOptions } from './start-worker.js';

const KIND = 'echo';
const QUEUE = workerQueue(KIND);
const TIMEOUT = { timeout: 15_000, interval: 30 };

@Controller()
class EchoController {
  constructor(@Inject(TAKE_TASK) private readonly takeTask: TakeTask) {}

  @MessagePattern(message(QUEUE, 'task'))
  task(@Payload() task: Task, @Ctx() delivery: Delivery): Promise<void> {
    return this.takeTask(task, delivery);
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const echo: WorkerOptions['createHandler'] = async () => async (task) => ({ ok: true, output: task.arguments });

/** Pays for an answer once; a second time it reads what the first one cost. */
const paying: WorkerOptions['createHandler'] =
  async ({ journalFor }) =>
  async ({ commandId, arguments: args }) => {
    const journal = journalFor(commandId);
    const kept = await journal.read(0);
    if (kept === null) await journal.write(0, args);
    return { ok: true, output: args, journal: { calls: 1, replayed: kept === null ? 0 : 1 } };
  };

for (const { backend, redisUrl, isAvailable } of queueBackends()) {
  describe.skipIf(!isAvailable)(`a worker with queues on ${backend}`, () => {
    let fixture: WorkerFixture;
    beforeAll(async () => {
      fixture = await WorkerFixture.open(inject('postgresUrl'), KIND, redisUrl);
    });
    afterEach(() => fixture.stop());
    afterAll(() => fixture?.close());

    const start = (createHandler = echo): Promise<void> =>
      fixture.start((context) =>
        startWorker(
          { kind: KIND, description: 'Says it again.', module: EchoModule, createHandler },
          context,
          fixture.env,
        ),
      );

    it('answers a task on the results queue of its run', async () => {
      await start();
      const { name, data } = await fixture.resultOf(await fixture.send({ arguments: { hello: 'there' } }));
      expect(name).toBe('succeeded');
      expect(TaskSucceeded.parse(data).output).toEqual({ hello: 'there' });
    });

    it('takes arguments from the blob store and puts a large output there', async () => {
      await start();
      const text = JSON.stringify({ large: 'much to say '.repeat(2000) });
      const { sha256, size } = await putBlob(fixture.pool, text);
      const { data } = await fixture.resultOf(await fixture.send({ blobRef: { sha256, size } }));
      const { blobRef, output } = TaskSucceeded.parse(data);
      expect(output).toBeUndefined();
      if (blobRef === undefined) throw new Error('no blob');
      expect(await getBlob(fixture.pool, blobRef)).toBe(text);
    });

    it('cuts its secrets out of outputs, blobs, causes and journal, in whatever form they come', async () => {
      const key = 'sk-ant-Very/Secret+1';
      const said = [key, encodeURIComponent(key), Buffer.from(`Bearer ${key}`).toString('base64')];
      const telling: WorkerOptions['createHandler'] =
        async ({ journalFor }) =>
        async ({ commandId, arguments: args }) => {
          await journalFor(commandId).write(0, { said });
          const text = `${said.join(' ')} ${'and more '.repeat(args === 'long' ? 3000 : 1)}`;
          if (args === 'failing') return { ok: false, error: 'Model', cause: `401: ${text}`, retryable: false };
          return { ok: true, output: { text, said } };
        };
      const env = { ...fixture.env, ANTHROPIC_API_KEY: key };
      await fixture.start((context) =>
        startWorker(
          { kind: KIND, description: 'Tells secrets.', module: EchoModule, createHandler: telling },
          context,
          env,
        ),
      );
      const seen: string[] = [];
      for (const args of ['short', 'long', 'failing']) {
        const commandId = await fixture.send({ arguments: args });
        const { data } = await fixture.resultOf(commandId);
        const { blobRef } = TaskSucceeded.safeParse(data).data ?? {};
        seen.push(JSON.stringify(data), blobRef === undefined ? '' : await getBlob(fixture.pool, blobRef));
        const { rows } = await fixture.pool.query('select response from baton.llm_journal where command_id = $1', [
          commandId,
        ]);
        seen.push(JSON.stringify(rows));
      }
      expect(seen.join('\n')).toContain('[secret]');
      for (const form of [key, encodeURIComponent(key), Buffer.from(key).toString('base64').slice(3, -3)])
        expect(seen.join('\n')).not.toContain(form);
    });

    it('keeps the journal of a command across its dispatches', async () => {
      await start(paying);
      const commandId = await fixture.send({ arguments: 1 });
      const first = TaskSucceeded.parse((await fixture.resultOf(commandId)).data);
      await fixture.dispatch(commandId, 1, { arguments: 1 });
      const again = TaskSucceeded.parse((await fixture.resultOf(commandId, 1)).data);
      expect([first.journal?.replayed, again.journal?.replayed]).toEqual([0, 1]);
      // Index 0, a text of one byte, and the text.
      const sha256 = createHash('sha256').update(Buffer.from('000000000000000131', 'hex')).digest('hex');
      expect([first.journaled, again.journaled]).toEqual([1, 1].map((entries) => ({ entries, sha256 })));
    });

    it('aborts the work of a service on a task that nobody waits for any more', async () => {
      const begun = Promise.withResolvers<void>();
      const letGo = Promise.withResolvers<unknown>();
      await start(async () => (_, signal) => {
        begun.resolve();
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            letGo.resolve(signal.reason);
            reject(signal.reason);
          }),
        );
      });
      const commandId = await fixture.send({ arguments: 1 });
      await begun.promise;
      await fixture.closeCommand(commandId);
      expect(await letGo.promise).toMatchObject({ code: 'task-given-up' });
      await vi.waitFor(async () => {
        expect(await fixture.messaging.jobState(QUEUE, taskJobId(commandId, 0))).toBe('completed');
      }, TIMEOUT);
      expect(fixture.hasResult(commandId)).toBe(false);
    });

    it('announces itself, and what it has in work', async () => {
      const release = Promise.withResolvers<void>();
      await start(async () => async () => {
        await release.promise;
        return { ok: true, output: 1 };
      });
      const commandId = await fixture.send({ arguments: 1 });
      const told = `select w.kind, w.description, w.load, t.ended_at is null as is_in_work from baton.worker w
        join baton.task_work t on t.worker_id = w.worker_id where t.command_id = '${commandId}'`;
      await vi.waitFor(async () => {
        expect((await fixture.pool.query(told)).rows).toEqual([
          { kind: KIND, description: 'Says it again.', load: 1, is_in_work: true },
        ]);
      }, TIMEOUT);
      release.resolve();
      await fixture.resultOf(commandId);
      await fixture.stop();
      expect((await fixture.pool.query(told)).rows).toMatchObject([{ load: 0, is_in_work: false }]);
    });

    it('begins whatever others of its kind say to take: what it says of that is for people', async () => {
      const taking = (member: string) => ({ type: 'object', properties: { [member]: {} }, required: [member] });
      const about = { kind: KIND, description: 'Says it again.' };
      const workerId = randomUUID();
      await announceWorker(fixture.pool, {
        ...{ v: PROTOCOL_VERSION, workerId, ...about, version: 'another', host: 'here', pid: 1 },
        ...{
          concurrency: 1,
          bundle: 1,
          hasOwnDoor: false,
          looksAtRungs: false,
          input: taking('much'),
          output: null,
          tasks: [],
        },
        ...{ isDraining: false, isStopped: false },
      });
      // One that is heard at this moment is in the way of whoever looks.
      await fixture.pool.query(`update baton.worker set seen_at = seen_at + interval '1 minute' where worker_id = $1`, [
        workerId,
      ]);
      const options = { ...about, input: taking('little'), module: EchoModule, createHandler: echo };
      await fixture.start((context) => startWorker(options, context, fixture.env));
      expect((await fixture.resultOf(await fixture.send({ arguments: 1 }))).name).toBe('succeeded');
    });

    it('drops a task whose deadline has passed', async () => {
      await start();
      const commandId = await fixture.send({ arguments: 1, deadline: '2020-01-01T00:00:00Z' });
      await vi.waitFor(async () => {
        expect(await fixture.messaging.jobState(QUEUE, taskJobId(commandId, 0))).toBe('completed');
      }, TIMEOUT);
      expect(fixture.hasResult(commandId)).toBe(false);
    });

    it('sends what is no task to the dead letter with the reason', async () => {
      await start();
      const nonsense = { jobId: 'nonsense', name: 'task', data: { hello: 'there', requestId: 'r-1' } };
      await fixture.messaging.publish(QUEUE, [nonsense]);
      await vi.waitFor(async () => {
        expect(await listDeadLetters(fixture.pool, { limit: 1 })).toMatchObject([
          { source: QUEUE, name: 'task', reason: expect.stringContaining('undecodable-message') },
        ]);
      }, TIMEOUT);
    });

    it('sends heartbeats by itself while it holds a task that may not be silent, and none after the result', async () => {
      const release = Promise.withResolvers<void>();
      await start(async () => async () => {
        await release.promise;
        return { ok: true, output: null };
      });
      const commandId = await fixture.send({ arguments: 1, heartbeatSeconds: 0.6 });
      const silent = await fixture.send({ arguments: 1 });
      await vi.waitFor(() => expect(fixture.heartbeatsOf(commandId).length).toBeGreaterThanOrEqual(4), TIMEOUT);
      release.resolve();
      await fixture.resultOf(commandId);
      await fixture.resultOf(silent);
      const { length } = fixture.heartbeatsOf(commandId);
      await sleep(800);
      expect(fixture.heartbeatsOf(commandId)).toHaveLength(length);
      expect(fixture.heartbeatsOf(silent)).toEqual([]);
    });

    it('takes no task before its handler is made, and does not start where that fails', async () => {
      const commandId = await fixture.send({ arguments: 1 });
      await expect(start(() => Promise.reject(new Error('no prompts')))).rejects.toThrow('no prompts');
      expect(await fixture.messaging.jobState(QUEUE, taskJobId(commandId, 0))).toBe('waiting');
      await start();
      expect((await fixture.resultOf(commandId)).name).toBe('succeeded');
    });
  });
}
