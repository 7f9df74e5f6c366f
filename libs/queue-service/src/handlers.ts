import { BatonError, type MessageSchemas } from '@baton/contracts';

/** A message as handlers name it: `@MessagePattern({ queue: 'worker-planner', name: 'task' })`. */
export interface MessageRoute {
  readonly queue: string;
  readonly name: string;
}

/** The pattern of a message, for `@MessagePattern(message('worker-planner', 'task'))`. */
export const message = (queue: string, name: string): MessageRoute => ({ queue, name });

export interface QueueMessages {
  readonly queue: string;
  readonly messages: MessageSchemas;
}

/** A queue's name holds no colon in BullMQ, so the two parts cannot run into each other. */
export const routeKey = ({ queue, name }: MessageRoute): string => `${queue}:${name}`;

/** The route a pattern names, or null for a pattern of another transport. */
export function routeOf(pattern: unknown): MessageRoute | null {
  if (typeof pattern !== 'object' || pattern === null) return null;
  const queue: unknown = Reflect.get(pattern, 'queue');
  const name: unknown = Reflect.get(pattern, 'name');
  return typeof queue === 'string' && typeof name === 'string' ? { queue, name } : null;
}

/**
 * Checks that each message of the queues has exactly one handler, and that no handler waits for a message nobody sends.
 * @param patterns one for each registered handler, as it was declared
 * @throws BatonError `handlers-do-not-fit`, which names every message concerned
 */
export function assertHandlers(queues: readonly QueueMessages[], patterns: readonly unknown[]): void {
  const handlers = new Map<string, number>();
  for (const { queue, messages } of queues) {
    for (const name of Object.keys(messages)) handlers.set(routeKey({ queue, name }), 0);
  }
  const problems: string[] = [];
  for (const pattern of patterns) {
    const route = routeOf(pattern);
    const key = route === null ? JSON.stringify(pattern) : routeKey(route);
    const count = handlers.get(key);
    if (count === undefined) problems.push(`a handler waits for ${key}, which is no message of this service's queues`);
    else handlers.set(key, count + 1);
  }
  for (const [key, count] of handlers) {
    if (count === 0) problems.push(`no handler takes ${key}`);
    if (count > 1) problems.push(`${count} handlers take ${key}`);
  }
  if (problems.length === 0) return;
  throw new BatonError(`The handlers do not fit the queues: ${problems.join('; ')}.`, {
    code: 'handlers-do-not-fit',
    next: 'Give each message of the queue one @MessagePattern({ queue, name }) in a controller of the service.',
  });
}
