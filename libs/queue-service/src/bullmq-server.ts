import { BatonError, deferred } from '@baton/contracts';
import type { Consumer, Delivery, Messaging, RecordDeadLetter } from '@baton/messaging';
import { type ConsumeOptions, consume } from '@baton/messaging';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  type MicroserviceOptions,
  Server,
} from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { assertHandlers, type QueueMessages, routeKey, routeOf } from './handlers.js';
import { handlerError, RethrowFilter } from './rethrow-filter.js';

/** A queue that the service consumes. */
export type ServedQueue = QueueMessages &
  Pick<ConsumeOptions<QueueMessages['messages']>, 'concurrency' | 'retry' | 'timing'> & {
    /** Its messages have handlers, and are taken only after `wake`. */
    readonly isResting?: boolean;
  };

export interface BullMqServerOptions {
  readonly messaging: Messaging;
  readonly queues: readonly ServedQueue[];
  readonly deadLetter: RecordDeadLetter;
  /** How long `close` waits for messages in work before it takes them away from their handlers, milliseconds. */
  readonly stopTimeoutMs: number;
}

const BULLMQ_TRANSPORT = Symbol('baton:bullmq');

/**
 * Brings queue messages to `@MessagePattern({ queue, name })` (or `@EventPattern`) handlers: the payload is the data as
 * the schema read it, the context is the Delivery. What a handler throws decides about the message as in `consume`;
 * what it returns is ignored, an Observable is followed to its end.
 *
 * Create the service with `createQueueService`. Nest calls `onModuleDestroy` before it closes the server, while
 * messages are still in work: close what handlers need in `onApplicationShutdown`, which comes after.
 */
export class BullMqServer extends Server implements CustomTransportStrategy {
  override readonly transportId = BULLMQ_TRANSPORT;
  /** Keeps Nest from logging what we pass on. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: BullMqServerOptions;
  readonly #patterns: unknown[] = [];
  readonly #handlers = new Map<string, MessageHandler>();
  /** By queue, those that are awake. */
  readonly #consumers = new Map<string, Consumer>();
  /** Those of them that take no more messages, and end what they have. */
  readonly #draining = new Set<string>();
  #isClosed = false;

  constructor(options: BullMqServerOptions) {
    super();
    this.#options = options;
  }

  /** Nest replaces or chains handlers of the same pattern without a word; kept apart here, so that `listen` can object. */
  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras = {}): void {
    super.addHandler(pattern, callback, isEventHandler, extras);
    this.#patterns.push(pattern);
    const route = routeOf(pattern);
    if (route !== null) this.#handlers.set(routeKey(route), callback);
  }

  /** Passes BatonError `handlers-do-not-fit` to the callback, which fails the boot. */
  listen(callback: (error?: unknown) => void): void {
    const { queues } = this.#options;
    try {
      assertHandlers(queues, this.#patterns);
    } catch (error) {
      callback(error);
      return;
    }
    for (const { queue, isResting } of queues) if (isResting !== true) this.wake(queue);
    callback();
  }

  /** Takes the messages of one of the queues from now on; nothing where it does so already, or was closed. */
  wake(queue: string): void {
    const { messaging, queues, deadLetter } = this.#options;
    const served = queues.find((each) => each.queue === queue);
    if (served === undefined || this.#isClosed) return;
    if (this.#consumers.has(queue) && !this.#draining.delete(queue)) return;
    const { isResting: _, ...options } = served;
    const handle = (delivery: Delivery): Promise<void> => this.#handle(queue, delivery);
    this.#consumers.set(queue, consume(messaging, { ...options, deadLetter, handle }));
  }

  /** Takes no more messages of the queue; resolves when those in work are done, or were handed back. */
  async rest(queue: string): Promise<void> {
    const consumer = this.#consumers.get(queue);
    this.#consumers.delete(queue);
    await consumer?.stop(this.#options.stopTimeoutMs);
  }

  /** Takes no more messages of the queue; resolves when those in work have ended, however long they take. `wake` only after that. */
  async drain(queue: string): Promise<void> {
    this.#draining.add(queue);
    await this.#consumers.get(queue)?.drain();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.stop(this.#options.stopTimeoutMs)));
  }

  /** Resolves when every consumer takes messages. */
  async whenReady(): Promise<void> {
    await Promise.all([...this.#consumers.values()].map((consumer) => consumer.whenReady()));
  }

  /** For readiness: throws what keeps a consumer from taking messages. */
  async check(): Promise<void> {
    for (const { trouble } of this.#consumers.values()) if (trouble !== null) throw trouble;
  }

  on(): never {
    throw new BatonError('The queue server has no events to listen to.', { code: 'not-supported' });
  }

  unwrap(): never {
    throw new BatonError('The queue server has no single object beneath it.', {
      code: 'not-supported',
      next: 'Use the Messaging that the server was made with.',
    });
  }

  #handle(queue: string, delivery: Delivery): Promise<void> {
    const handler = this.#handlers.get(routeKey({ queue, name: delivery.name }));
    if (handler === undefined) return Promise.reject(new Error(`no handler for ${queue}:${delivery.name}`));
    const context = new BaseRpcContext([delivery]);
    const ended = deferred<void>();
    // The hooks of Nest's instrumentation stand around the whole of the handler; they return nothing to wait for.
    this.onProcessingStartHook(BULLMQ_TRANSPORT, context, async () => {
      try {
        const result: unknown = await handler(delivery.data, delivery);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
        ended.resolve();
      } catch (thrown) {
        ended.reject(handlerError(thrown));
      } finally {
        this.onProcessingEndHook?.(BULLMQ_TRANSPORT, context);
      }
    });
    return ended.promise;
  }
}

/** A Nest service that takes its messages from queues, with errors of handlers passed on as they are. */
export async function createQueueService(
  module: Parameters<typeof NestFactory.createMicroservice>[0],
  server: BullMqServer,
  options: NonNullable<Parameters<typeof NestFactory.createApplicationContext>[1]> = {},
): Promise<INestMicroservice> {
  const service = await NestFactory.createMicroservice<MicroserviceOptions>(module, { ...options, strategy: server });
  service.useGlobalFilters(new RethrowFilter());
  return service;
}
