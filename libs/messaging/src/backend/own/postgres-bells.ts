import { randomBytes } from 'node:crypto';
import { isConnectionLoss, toError } from '@baton/contracts';
import type pg from 'pg';
import { escapeIdentifier } from 'pg';
import type { MessagingLog } from '../../config.js';
import type { Words } from '../backend.js';
import { channelOf } from './postgres-tables.js';
import { ALIVE_LOCKS } from './postgres-takers.js';

const AGAIN_AFTER_MS = 1_000;
/** Of a connection over which nothing is asked otherwise, whether anybody is there: the system tells only where it is the machine that is gone. */
const MIND_EVERY_MS = 5_000;
/** What is due later is found by looking. */
const MOST_AHEAD_MS = 60_000;

const topicChannel = (topic: string): string => `baton_said_${topic}`;

interface Hearer {
  readonly take: (text: string) => void;
  /** The connection was lost and is back: something may have been said meanwhile. */
  readonly onBack?: () => void;
}

/**
 * The one connection of the process that listens, for what is put into queues through either door: each NOTIFY wakes every
 * connection of the database that listens, whatever for. A bell is only a bell: whoever waits for one looks by himself, too,
 * time and again, since one that rings while the connection is lost is not heard.
 */
export class Bells {
  readonly #newClient: () => pg.Client;
  readonly #log: MessagingLog;
  readonly #bells = new Map<string, Set<() => void>>();
  readonly #hearers = new Map<string, Set<Hearer>>();
  #client: pg.Client | null = null;
  #alive: number | null = null;
  #asked: Promise<void> = Promise.resolve();
  #opening: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #minding: NodeJS.Timeout;
  #isClosed = false;

  /** @param newClient gives one that is not yet connected, and that does not wait for an answer for ever */
  constructor(newClient: () => pg.Client, log: MessagingLog, mindEveryMs = MIND_EVERY_MS) {
    this.#newClient = newClient;
    this.#log = log;
    this.#minding = setInterval(() => this.#mind(), mindEveryMs);
    this.#minding.unref();
  }

  /** A lock of the database that the connection has for as long as it is there; null where there is none. */
  get alive(): number | null {
    return this.#alive;
  }

  /** Calls `ring` for each thing that is put into the queue, and once the connection was lost and is back, until the function that it gives is called. */
  listen(queue: string, ring: () => void): Promise<() => void> {
    return this.#listen(this.#bells, channelOf(queue), ring);
  }

  /** Calls `take` with what is said on a channel, and `onBack` once the connection was lost and is back. */
  hear(channel: string, take: (text: string) => void, onBack: () => void): Promise<() => void> {
    return this.#listen(this.#hearers, channel, { take, onBack });
  }

  /** @param pool where words are said */
  words(pool: pg.Pool): Words {
    return {
      async tell(topic, text) {
        await pool.query({ name: 'baton-tell', text: 'select pg_notify($1, $2)', values: [topicChannel(topic), text] });
      },
      hear: (topic, take) => this.#listen(this.#hearers, topicChannel(topic), { take }),
    };
  }

  async #listen<T>(all: Map<string, Set<T>>, channel: string, one: T): Promise<() => void> {
    const others = all.get(channel) ?? new Set();
    all.set(channel, others.add(one));
    const stop = (): void => {
      others.delete(one);
      if (others.size > 0 || all.get(channel) !== others) return;
      all.delete(channel);
      this.#ask(`unlisten ${escapeIdentifier(channel)}`).catch(() => {});
    };
    try {
      await this.#open();
      await this.#ask(`listen ${escapeIdentifier(channel)}`);
    } catch (thrown) {
      stop();
      throw thrown;
    }
    return stop;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#minding);
    await this.#opening?.catch(() => {});
    await this.#client?.end().catch(() => {});
  }

  /** One after the other: a connection takes one statement at a time. */
  #ask(statement: string): Promise<void> {
    const asked = this.#asked.then(async () => {
      const client = this.#client;
      try {
        await client?.query(statement);
      } catch (thrown) {
        // Nobody answers any more, or nothing that is of use: what is listened to is asked for anew.
        if (client !== null) {
          this.#lost(client, toError(thrown));
          client.end().catch(() => {});
        }
        throw thrown;
      }
    });
    this.#asked = asked.catch(() => {});
    return asked;
  }

  /** What is listened to already is listened to: that costs nothing, and is answered. */
  #mind(): void {
    const [channel] = [...this.#bells.keys(), ...this.#hearers.keys()];
    if (this.#client !== null && channel !== undefined)
      this.#ask(`listen ${escapeIdentifier(channel)}`).catch(() => {});
  }

  #open(): Promise<void> {
    if (this.#client !== null || this.#isClosed) return Promise.resolve();
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<void> {
    const client = this.#newClient();
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, null));
    client.on('notification', ({ channel, payload }) => {
      const hearers = this.#hearers.get(channel);
      if (hearers === undefined) this.#told(channel, Number(payload ?? 0));
      else for (const { take } of hearers) take(payload ?? '');
    });
    const alive = randomBytes(4).readInt32BE();
    try {
      await client.connect();
      await client.query('select pg_advisory_lock($1, $2)', [ALIVE_LOCKS, alive]);
      for (const channel of [...this.#bells.keys(), ...this.#hearers.keys()]) {
        await client.query(`listen ${escapeIdentifier(channel)}`);
      }
    } catch (thrown) {
      await client.end().catch(() => {});
      throw thrown;
    }
    this.#client = client;
    this.#alive = alive;
    // What was put in while nobody listened.
    for (const channel of this.#bells.keys()) this.#ring(channel);
    for (const hearers of this.#hearers.values()) for (const { onBack } of hearers) onBack?.();
  }

  /** @param afterMs what was put in is due then */
  #told(channel: string, afterMs: number): void {
    if (afterMs > 0 && afterMs <= MOST_AHEAD_MS) setTimeout(() => this.#ring(channel), afterMs).unref();
    else if (afterMs === 0) this.#ring(channel);
  }

  #ring(channel: string): void {
    for (const ring of this.#bells.get(channel) ?? []) ring();
  }

  #lost(client: pg.Client, error: Error | null): void {
    if (this.#client !== client) return;
    this.#client = null;
    this.#alive = null;
    if (this.#isClosed) return;
    if (error !== null) this.#log.debug({ err: error }, 'the connection that listens to queues was lost');
    this.#timer = setTimeout(() => this.#again(), AGAIN_AFTER_MS);
    this.#timer.unref();
  }

  #again(): void {
    this.#open().catch((thrown: unknown) => {
      const error = toError(thrown);
      if (!isConnectionLoss(error)) this.#log.warn({ err: error }, 'queues cannot be listened to, it is tried again');
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => this.#again(), AGAIN_AFTER_MS);
      this.#timer.unref();
    });
  }
}
