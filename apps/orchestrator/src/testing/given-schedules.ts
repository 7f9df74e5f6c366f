import { randomBytes } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { type Actor, CreateScheduleBody, ONLY_SHARD, type Shard } from '@baton/contracts';
import {
  createPool,
  type LetIn,
  listFirings,
  revokeApiKey,
  type StoredEvent,
  type StoredFiring,
  type StoredSchedule,
  storeApiKey,
  storeSchedule,
} from '@baton/event-store';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { type InboxPorts, takeStored } from '../requests/inbox.js';
import { fireSchedules } from '../schedules/fire-schedules.js';
import { HubFixture, log, sealerOf } from './hub-fixture.js';

const ADA: Actor = { type: 'apikey', id: 'ada' };
const ADMIN: Actor = { type: 'apikey', id: 'local-admin' };
const DOCUMENT = {
  name: 'wait-for-it',
  version: '1.0.0',
  title: 'Waits to be told',
  definition: {
    StartAt: 'Wait',
    States: { Wait: { Type: 'Task', Resource: 'baton:signal:go', TimeoutSeconds: 3_600, End: true } },
  },
} as const;

/** A database with schedules, and hubs that start what is due: runs that wait for a signal. */
export class GivenSchedules {
  private constructor(
    readonly fixture: HubFixture,
    readonly gateway: Pool,
    readonly ports: InboxPorts,
  ) {}

  static async open(postgresUrl: string): Promise<GivenSchedules> {
    const fixture = await HubFixture.open(postgresUrl);
    const gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'schedules-test', max: 3 });
    const { pool } = fixture;
    const catalog = createCatalog([{ document: structuredClone(DOCUMENT), sha256: '0'.repeat(64), file: 'test' }]);
    const hub = await fixture.startHub({ catalog });
    const given = new GivenSchedules(fixture, gateway, {
      pool,
      catalog,
      sealer: sealerOf(pool),
      handle: hub.handle.bind(hub),
      suspects: hub.suspects,
      monotonicMs: () => performance.now(),
      log,
      graceMs: -1_000,
    });
    await given.key();
    return given;
  }

  /** A key named ada that may submit runs. */
  async key(): Promise<void> {
    const mark = { publicId: randomBytes(6).toString('hex'), sha256: randomBytes(32) };
    const key = {
      ...mark,
      name: 'ada',
      roles: ['submitter' as const],
      scope: null,
      person: null,
      expiresInSeconds: null,
    };
    if ((await storeApiKey(this.gateway, key, { by: ADMIN })) === null) throw new Error('there is such a key');
  }

  revoke(): Promise<boolean> {
    return revokeApiKey(this.gateway, 'ada', { by: ADMIN });
  }

  /** A schedule of every hour, unless something else is said, that was made and last looked at so many seconds ago. */
  async schedule(
    body: Partial<z.input<typeof CreateScheduleBody>>,
    {
      secondsAgo,
      wakeSecondsAgo = 0,
      createdBy = ADA,
    }: { readonly secondsAgo: number; readonly wakeSecondsAgo?: number; readonly createdBy?: Actor },
  ): Promise<StoredSchedule> {
    const whole = CreateScheduleBody.parse({
      name: 'nightly',
      timing: { type: 'interval', seconds: 3_600 },
      run: { workflow: DOCUMENT.name, input: {} },
      ...body,
    });
    const madeAt = new Date(Date.now() - secondsAgo * 1_000);
    const wakeAt = new Date(Date.now() - wakeSecondsAgo * 1_000);
    const stored = await storeSchedule(this.gateway, { ...whole, madeAt, wakeAt, createdBy });
    if (typeof stored === 'string') throw new Error(stored);
    return stored;
  }

  /** A round as a hub makes it. @param take what becomes of a request once it is written down */
  round(take: (request: LetIn) => Promise<unknown> = (request) => takeStored(request, this.ports)): Promise<number> {
    return fireSchedules({ pool: this.fixture.pool, shard: ONLY_SHARD, take, log });
  }

  /** A round as a hub makes it that is one of several logs. */
  roundOf(shard: Shard): Promise<number> {
    const take = (request: LetIn) => takeStored(request, { ...this.ports, shard });
    return fireSchedules({ pool: this.fixture.pool, shard, take, log });
  }

  /** What only the owner of the database can do to it. */
  async asOwner(sql: string, values: readonly unknown[] = []): Promise<void> {
    const owner = createPool(this.fixture.database.url, { role: 'owner', applicationName: 'schedules-test', max: 1 });
    try {
      await owner.query(sql, [...values]);
    } finally {
      await owner.end();
    }
  }

  /** Oldest first. */
  async firings({ scheduleId }: StoredSchedule): Promise<readonly StoredFiring[]> {
    return (await listFirings(this.gateway, scheduleId, 100)).toReversed();
  }

  async outcomes(schedule: StoredSchedule): Promise<readonly string[]> {
    return (await this.firings(schedule)).map(({ outcome, count }) => (count === 1 ? outcome : `${outcome} x${count}`));
  }

  /** Lets the run of a firing end. */
  async finish({ runId }: StoredFiring): Promise<void> {
    const actor = { type: 'system', id: 'test' } as const;
    const order = { type: 'CancelRun', reason: 'enough', requestId: `end ${runId}` } as const;
    await this.ports.handle({
      runId: runId ?? '',
      order,
      actor,
      causationId: order.requestId,
      requestId: order.requestId,
    });
  }

  /** Of the run of a firing. */
  events({ runId }: StoredFiring): Promise<readonly StoredEvent[]> {
    return this.fixture.events(runId ?? '');
  }

  /** So much time passes for a schedule. */
  async later({ scheduleId }: StoredSchedule, seconds: number): Promise<void> {
    const move = `- $2 * interval '1 second'`;
    await this.asOwner(
      `update baton.schedule set made_at = made_at ${move}, decided_to = decided_to ${move}, wake_at = wake_at ${move}, ends_at = ends_at ${move}
        where schedule_id = $1`,
      [scheduleId, seconds],
    );
    await this.asOwner(
      `update baton.schedule_firing set due_at = due_at ${move}, until_at = until_at ${move} where schedule_id = $1`,
      [scheduleId, seconds],
    );
  }

  async close(): Promise<void> {
    await this.gateway.end();
    await this.fixture.close();
  }
}
