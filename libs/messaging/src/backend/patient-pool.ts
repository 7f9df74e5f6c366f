import { EventEmitter } from 'node:events';
import { isConnectionLoss } from '@baton/contracts';
import type pg from 'pg';

/** Where a process listens for all its queues: see `Bells`. */
interface Ears {
  hear(channel: string, take: (text: string) => void, onBack: () => void): Promise<() => void>;
}

/** A queue of BullMQ, and where it is listened for. */
export interface Listening {
  readonly queue: string;
  readonly ears: Ears;
}

/** The statement by which BullMQ listens: a comment, and the channel of all its queues. */
const LISTEN = /^\s*listen\s+(\w+)\s*;/im;

/**
 * The pool as BullMQ shall see it, without three faults that BullMQ would otherwise show in an outage, and without
 * a connection that listens for each of its workers: they are heard for on the one of the process.
 *
 * 1. It takes no error but ECONNREFUSED for a lost connection. After any other ("Connection terminated unexpectedly",
 *    "the database system is starting up") its fetch loop tries again at once and takes a whole core, and a job whose
 *    completion was cut off is run again instead of completed again. So every loss is given that code.
 * 2. A connection that dies while BullMQ holds it, and has not yet or no longer a listener on it, ends the process.
 *    So each connection keeps a listener of ours that BullMQ cannot remove.
 * 3. It may wait for a notification for an hour where it believes that a dead connection would be noticed.
 *    A pool that seems to have no keep-alive makes it look after ten seconds.
 */
export function patient(pool: pg.Pool) {
  pool.on('connect', (client) => client.on('error', () => {}));
  return (listening: Listening | null = null) => ({
    options: { keepAlive: false },
    connect: async () => guarded(await recognisable(pool.connect()), listening),
    query: (text: string, params: readonly unknown[] = []) => recognisable(pool.query(text, [...params])),
    end: () => pool.end(),
    on: (event: 'error', listener: (error: Error) => void) => pool.on(event, listener),
    removeAllListeners: () => pool,
  });
}

async function recognisable<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(message, { cause: error }), { code: 'ECONNREFUSED' });
  }
}

/** What BullMQ uses of a connection; of the listeners it can remove only those of notifications. */
function guarded(client: pg.PoolClient, listening: Listening | null) {
  const events: EventEmitter = client;
  const heard = new EventEmitter();
  const stops = new Map<string, () => void>();
  const emitterOf = (event: string): EventEmitter => (event === 'notification' ? heard : events);

  async function listen(channel: string, { queue, ears }: Listening): Promise<void> {
    if (stops.has(channel)) return;
    const tell = (payload: string): boolean => heard.emit('notification', { channel, payload });
    stops.set(channel, await recognisable(ears.hear(channel, tell, () => tell(queue))));
  }
  const connection = {
    query: (text: string, params: readonly unknown[] = []) => {
      const channel = LISTEN.exec(text)?.[1];
      const isListen = channel !== undefined && listening !== null;
      return isListen ? listen(channel, listening) : recognisable(client.query(text, [...params]));
    },
    release: (destroy?: boolean) => {
      for (const stop of stops.values()) stop();
      stops.clear();
      client.release(destroy);
    },
    on: (event: string, listener: (...args: unknown[]) => void) => {
      emitterOf(event).on(event, listener);
      return connection;
    },
    removeListener: (event: string, listener: (...args: unknown[]) => void) => {
      emitterOf(event).removeListener(event, listener);
      return connection;
    },
    removeAllListeners: () => {
      heard.removeAllListeners('notification');
      return connection;
    },
  };
  return connection;
}
