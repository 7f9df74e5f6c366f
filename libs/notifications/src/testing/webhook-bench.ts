import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookDelivery, WebhookView } from '@baton/contracts';
import { createPool, eventStoreMigrations } from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import { resolveHost } from '@baton/outbound';
import { readModelMigrations } from '@baton/read-model';
import type { Pool } from 'pg';
import { followLog } from '../log/follow-log.js';
import { notificationsMigrations } from '../migrations.js';
import { newSecret } from '../secret.js';
import type { SendPorts } from '../send-delivery.js';
import { NotificationSender, type SenderOptions } from '../sender.js';
import { listDeliveries } from '../store/deliveries.js';
import { createWebhook, listWebhooks, removeWebhook } from '../store/webhooks.js';
import { openReceiver, type Receiver, type Reply } from './receiver.js';
import { openTestLog, succeeded, type TestLog } from './test-log.js';

export const SECRET = newSecret(randomBytes);

/** A database with a log, endpoints that answer, and senders that a test may start and stop. */
export const PUBLIC_URL = 'https://baton.example/under';

export class WebhookBench {
  /** What the senders said. */
  readonly said: string[] = [];
  readonly #senders: NotificationSender[] = [];
  readonly #receivers: Receiver[] = [];

  private constructor(
    private readonly database: TestDatabase,
    /** With the rights of the hub. */
    readonly hub: Pool,
    /** With the rights of the gateway. */
    readonly gateway: Pool,
    private readonly senderPool: Pool,
    private readonly admin: Pool,
    readonly log: TestLog,
  ) {}

  static async open(postgresUrl: string): Promise<WebhookBench> {
    const sets = [eventStoreMigrations, readModelMigrations, notificationsMigrations];
    const database = await createTestDatabase(postgresUrl, sets);
    const pool = (role: 'hub' | 'gateway') => createPool(database.url, { role, max: 4, applicationName: 'webhooks' });
    const senders = createPool(database.url, { role: 'hub', max: 4, applicationName: 'sender' });
    const admin = createPool(database.url, { role: 'owner', max: 1, applicationName: 'admin' });
    return new WebhookBench(database, pool('hub'), pool('gateway'), senders, admin, await openTestLog(database.url));
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  get ports(): SendPorts {
    return {
      pool: this.hub,
      allowPrivate: true,
      resolve: resolveHost,
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      timeoutMs: 2_000,
    };
  }

  startSender(overrides: Partial<SenderOptions> = {}): NotificationSender {
    const say = (_: object, message: string): void => void this.said.push(message);
    const log = { info: say, warn: say, error: say };
    const { senderPool: pool } = this;
    const sender = NotificationSender.start({
      ...this.ports,
      pool,
      log,
      publicUrl: PUBLIC_URL,
      random: () => 0,
      pollMs: 10,
      ...overrides,
    });
    this.#senders.push(sender);
    return sender;
  }

  async receiver(answer?: Reply): Promise<Receiver> {
    const receiver = await openReceiver(answer);
    this.#receivers.push(receiver);
    return receiver;
  }

  webhook(
    url: string,
    events: WebhookView['events'] = ['run.finished', 'approval.requested'],
    runs: { readonly workflows?: readonly string[]; readonly labels?: Readonly<Record<string, string>> } = {},
  ): Promise<WebhookView> {
    const createdBy = { type: 'user', id: 'ada' } as const;
    return createWebhook(this.gateway, { url, events, ...runs, secret: SECRET, createdBy });
  }

  /** An endpoint and its webhook. */
  async endpoint(answer?: Reply): Promise<{ readonly receiver: Receiver; readonly webhook: WebhookView }> {
    const receiver = await this.receiver(answer);
    return { receiver, webhook: await this.webhook(receiver.url) };
  }

  async deliveries({ webhookId }: Pick<WebhookView, 'webhookId'>): Promise<readonly WebhookDelivery[]> {
    return (await listDeliveries(this.gateway, webhookId, 200, null)).deliveries;
  }

  /** Waits until every delivery of a webhook is settled, and at least that many are there. */
  async settled(webhook: Pick<WebhookView, 'webhookId'>, count = 1): Promise<readonly WebhookDelivery[]> {
    let deliveries: readonly WebhookDelivery[] = [];
    await until(`${count} settled deliveries`, async () => {
      deliveries = await this.deliveries(webhook);
      return deliveries.length >= count && deliveries.every(({ status }) => status !== 'pending');
    });
    return deliveries;
  }

  /** Lets the time pass that a delivery would have to wait for its next attempt. */
  async makeDue(): Promise<void> {
    await this.hub.query(`update baton.webhook_delivery set due_at = now() where status = 'pending'`);
  }

  /** How many deliveries a sender has at this moment. */
  async leased(): Promise<number> {
    const { rows } = await this.hub.query('select 1 from baton.webhook_delivery where leased_until >= now()');
    return rows.length;
  }

  /** Lets a run end, and waits until another webhook, set just now, was told: the log is looked through then. */
  async tellAnother(): Promise<void> {
    const another = await this.endpoint();
    await this.finishRuns(1);
    await this.settled(another.webhook, 1);
  }

  webhooks(): Promise<readonly WebhookView[]> {
    return listWebhooks(this.gateway);
  }

  remove({ webhookId }: Pick<WebhookView, 'webhookId'>): Promise<boolean> {
    return removeWebhook(this.gateway, webhookId);
  }

  /** Kills the database connections of the senders, in whatever they are doing. */
  async killConnections(): Promise<void> {
    await this.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'sender' and datname = current_database()`);
  }

  /** Runs that began and succeeded. @returns their ids */
  async finishRuns(count: number): Promise<readonly string[]> {
    const runIds: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const runId = await this.log.start();
      await this.log.append(runId, succeeded);
      runIds.push(runId);
    }
    return runIds;
  }

  /** Everything in the log becomes deliveries. */
  async followAll(): Promise<void> {
    await followLog(this.hub, PUBLIC_URL, 1_000);
  }

  async close(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.close()));
    await Promise.all(this.#senders.map((sender) => sender.stop()));
    await this.log.close();
    await this.hub.end();
    await this.senderPool.end();
    await this.admin.end();
    await this.gateway.end();
    await this.database.drop();
  }
}

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}
