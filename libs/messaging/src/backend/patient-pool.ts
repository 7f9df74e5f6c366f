import type { EventEmitter } from 'node:events';
import { isConnectionLoss } from '@baton/contracts';
import type pg from 'pg';

/**
 * The pool as BullMQ shall see it, without three faults that BullMQ would otherwise show in an outage.
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
  return {
    options: { keepAlive: false },
    connect: async () => guarded(await recognisable(pool.connect())),
    query: (text: string, params: readonly unknown[] = []) => recognisable(pool.query(text, [...params])),
    end: () => pool.end(),
    on: (event: 'error', listener: (error: Error) => void) => pool.on(event, listener),
    removeAllListeners: () => pool,
  };
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
function guarded(client: pg.PoolClient) {
  const events: EventEmitter = client;
  const connection = {
    query: (text: string, params: readonly unknown[] = []) => recognisable(client.query(text, [...params])),
    release: (destroy?: boolean) => client.release(destroy),
    on: (event: string, listener: (...args: unknown[]) => void) => {
      events.on(event, listener);
      return connection;
    },
    removeListener: (event: string, listener: (...args: unknown[]) => void) => {
      events.removeListener(event, listener);
      return connection;
    },
    removeAllListeners: () => {
      events.removeAllListeners('notification');
      return connection;
    },
  };
  return connection;
}
