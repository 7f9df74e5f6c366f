import 'reflect-metadata';
import { TerminalError } from '@baton/contracts';
import type { Delivery } from '@baton/messaging';
import { type Messaging, openMessaging } from '@baton/messaging';
import {
  backends,
  type DeadLetters,
  deadLetters,
  eventually,
  quickTiming,
  type TestServer,
} from '@baton/messaging/testing';
import { Controller, type INestMicroservice, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { concat, defer, of, throwError, timer } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BullMqServer, createQueueService } from './bullmq-server.js';
import { message } from './handlers.js';

const Work = z.object({ n: z.number() });
type Work = z.infer<typeof Work>;
const WORK = 'worker-nest';
const NOTES = 'worker-nest-notes';

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

@Injectable()
class Journal implements OnApplicationShutdown {
  readonly lines: string[] = [];

  onApplicationShutdown(): void {
    this.lines.push('shut down');
  }
}

@Controller()
class WorkController {
  constructor(private readonly journal: Journal) {}

  @MessagePattern(message(WORK, 'work'))
  async work(@Payload() work: Work, @Ctx() delivery: Delivery): Promise<string> {
    this.journal.lines.push(`work ${work.n} in ${delivery.jobId}, attempt ${delivery.attempt}`);
    if (work.n === 2 && delivery.attempt === 1) throw new Error('a bug');
    if (work.n === 3) throw new TerminalError('Three is not allowed.', { code: 'no-threes' });
    if (work.n === 4) await aborted(delivery.signal);
    return 'nobody reads this';
  }

  @MessagePattern(message(WORK, 'stream'))
  stream(@Payload() work: Work) {
    const written = defer(() => of(this.journal.lines.push(`stream ${work.n}`)));
    if (work.n === 2)
      return concat(
        written,
        throwError(() => new TerminalError('Torn.', { code: 'torn' })),
      );
    return concat(timer(100), written);
  }

  @EventPattern(message(NOTES, 'note'))
  async note(@Payload() work: Work): Promise<void> {
    this.journal.lines.push(`note ${work.n}`);
    throw new TerminalError('Events can fail too.', { code: 'event-failed' });
  }
}

@Module({ controllers: [WorkController], providers: [Journal] })
class WorkModule {}

describe.each(backends)('a Nest service on $name', ({ done: isDone, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('takes its messages from queues', () => {
    let server: TestServer;
    let messaging: Messaging;
    let service: INestMicroservice;
    let journal: Journal;
    let dead: DeadLetters;

    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'nest-test' });
      dead = deadLetters();
      const retry = { attempts: 2, backoffMs: 20 };
      const transport = new BullMqServer({
        messaging,
        queues: [
          { queue: WORK, messages: { work: Work, stream: Work }, concurrency: 3, timing: quickTiming, retry },
          { queue: NOTES, messages: { note: Work }, concurrency: 1, timing: quickTiming, retry },
        ],
        deadLetter: dead.record,
        stopTimeoutMs: 300,
      });
      service = await createQueueService(WorkModule, transport, { logger: false });
      await service.listen();
      await transport.whenReady();
      journal = service.get(Journal);
    });
    afterAll(async () => {
      await service?.close();
      await messaging?.close();
      await server?.drop();
    });

    const send = (queue: string, name: string, jobId: string, n: number) =>
      messaging.publish(queue, [{ jobId, name, data: { n } }]);
    const done = (queue: string, jobId: string) =>
      eventually(async () => expect(await messaging.jobState(queue, jobId)).toBe(isDone));

    it('gives the controller the data and the delivery', async () => {
      await send(WORK, 'work', 'w-1', 1);
      await done(WORK, 'w-1');
      expect(journal.lines).toContain('work 1 in w-1, attempt 1');
      expect(dead.letters).toEqual([]);
    });

    it('delivers again after an unexpected error of a controller', async () => {
      await send(WORK, 'work', 'w-2', 2);
      await done(WORK, 'w-2');
      expect(journal.lines).toContain('work 2 in w-2, attempt 2');
      expect(dead.letters).toEqual([]);
    });

    it("keeps the controller's own error for the dead letter", async () => {
      await send(WORK, 'work', 'w-3', 3);
      await done(WORK, 'w-3');
      expect(dead.letters.at(-1)).toMatchObject({
        source: WORK,
        name: 'work',
        reason: 'no-threes: Three is not allowed.',
      });
    });

    it('follows an Observable to its end before the message is done', async () => {
      await send(WORK, 'stream', 's-1', 1);
      await done(WORK, 's-1');
      expect(journal.lines).toContain('stream 1');
    });

    it('sees an Observable that fails after it gave values', async () => {
      await send(WORK, 'stream', 's-2', 2);
      await done(WORK, 's-2');
      expect(dead.letters.at(-1)?.reason).toBe('torn: Torn.');
    });

    it('does not swallow the error of an event handler', async () => {
      await send(NOTES, 'note', 'n-1', 1);
      await done(NOTES, 'n-1');
      expect(dead.letters.at(-1)?.reason).toBe('event-failed: Events can fail too.');
    });

    it('hands messages back on close, and shuts the application down only then', async () => {
      await send(WORK, 'work', 'w-4', 4);
      await eventually(() => expect(journal.lines).toContain('work 4 in w-4, attempt 1'));
      await service.close();
      expect(journal.lines.at(-1)).toBe('shut down');
      expect(await messaging.counts(WORK)).toMatchObject({ waiting: 1, active: 0 });
    });
  });
});
