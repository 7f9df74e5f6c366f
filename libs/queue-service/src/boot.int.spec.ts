import 'reflect-metadata';
import { TerminalError } from '@baton/contracts';
import { type Messaging, openMessaging } from '@baton/messaging';
import {
  backends,
  type DeadLetters,
  deadLetters,
  eventually,
  quickTiming,
  type TestServer,
} from '@baton/messaging/testing';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern } from '@nestjs/microservices';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BullMqServer, createQueueService, type ServedQueue } from './bullmq-server.js';
import { message } from './handlers.js';

const QUEUE = 'worker-boot';
const served = (...names: string[]): ServedQueue => ({
  queue: QUEUE,
  messages: Object.fromEntries(names.map((name) => [name, z.unknown()])),
  concurrency: 1,
  timing: quickTiming,
  retry: { attempts: 1 },
});

@Controller()
class Once {
  @MessagePattern(message(QUEUE, 'task'))
  async task(): Promise<void> {
    throw new TerminalError('The reason.', { code: 'the-reason' });
  }
}

@Controller()
class Again {
  @MessagePattern(message(QUEUE, 'task'))
  async task(): Promise<void> {}
}

@Module({ controllers: [Once] })
class OnceModule {}

@Module({ controllers: [Once, Again] })
class TwiceModule {}

describe('the boot of a Nest service', () => {
  let server: TestServer;
  let messaging: Messaging;
  let dead: DeadLetters;

  beforeAll(async () => {
    const [postgres] = backends;
    if (postgres === undefined) throw new Error('no backend');
    server = await postgres.open();
    messaging = await openMessaging(server.config, { name: 'boot-test' });
  });
  afterAll(async () => {
    await messaging?.close();
    await server?.drop();
  });

  const transport = (...names: string[]) => {
    dead = deadLetters();
    return new BullMqServer({ messaging, queues: [served(...names)], deadLetter: dead.record, stopTimeoutMs: 500 });
  };

  it.each([
    ['a message has no handler', OnceModule, ['task', 'cancel'], `no handler takes ${QUEUE}:cancel`],
    ['a handler waits for an unknown message', OnceModule, [], `a handler waits for ${QUEUE}:task`],
    ['a message has two handlers', TwiceModule, ['task'], `2 handlers take ${QUEUE}:task`],
  ])('fails when %s, and names it', async (_case, module, names, sentence) => {
    const service = await createQueueService(module, transport(...names), { logger: false });
    await expect(service.listen()).rejects.toMatchObject({
      code: 'handlers-do-not-fit',
      message: expect.stringContaining(sentence),
    });
    await service.close();
  });

  it('does not take a message for done when the filter that keeps its error is missing', async () => {
    const service = await NestFactory.createMicroservice(OnceModule, { strategy: transport('task'), logger: false });
    await service.listen();
    await messaging.publish(QUEUE, [{ jobId: 'j-1', name: 'task', data: {} }]);
    await eventually(() => expect(dead.letters[0]?.reason).toMatch(/^handler-error-hidden: /));
    await service.close();
  });
});
