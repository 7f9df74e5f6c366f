import { randomUUID } from 'node:crypto';
import { catalogMigrations, checkDocument, openCatalog, publishWorkflow } from '@baton/catalog';
import {
  type Actor,
  actorAsJson,
  commandIdOf,
  INTAKE_QUEUE,
  intakeMessages,
  type JsonObject,
  type LimitPolicy,
  requestJobId,
} from '@baton/contracts';
import { acceptRequest, createPool, eventStoreMigrations, migrate, readLog, setLimits } from '@baton/event-store';
import { type Consumer, consume } from '@baton/messaging';
import { readModelMigrations } from '@baton/read-model';
import type { Pool } from 'pg';
import type { Hub } from '../hub/hub.js';
import { PlaceLine, type PlaceLinePorts } from '../places/place-line.js';
import { takeStored } from '../requests/inbox.js';
import { IntakeController } from '../requests/intake.controller.js';
import { HubFixture, log, sealerOf } from './hub-fixture.js';

const WORKFLOW = 'one-task';

/** A hub with its line, and what takes requests from the intake for it. */
export interface PlacesHub {
  readonly hub: Hub;
  readonly line: PlaceLine;
  readonly intake: Consumer;
}

/** Hubs over a real database and real queues, with limits: submissions come by the intake. */
export class GivenPlaces {
  readonly #open: PlacesHub[] = [];

  private constructor(
    readonly fixture: HubFixture,
    readonly gateway: Pool,
    readonly owner: Pool,
  ) {}

  static async open(postgresUrl: string): Promise<GivenPlaces> {
    const fixture = await HubFixture.open(postgresUrl);
    await migrate(fixture.database.url, [eventStoreMigrations, catalogMigrations, readModelMigrations]);
    const pool = (role: 'gateway' | 'owner'): Pool =>
      createPool(fixture.database.url, { role, applicationName: 'places-test', max: 3 });
    const places = new GivenPlaces(fixture, pool('gateway'), pool('owner'));
    await places.#publish();
    fixture.startTaking();
    return places;
  }

  async #publish(): Promise<void> {
    const A = { Type: 'Task', Resource: `baton:worker:${this.fixture.kind}`, End: true };
    const definition = { QueryLanguage: 'JSONata', StartAt: 'A', States: { A } };
    const checked = checkDocument({ name: WORKFLOW, version: '1.0.0', title: 'One task', definition });
    if (!checked.ok) throw new Error('the test document is wrong');
    await publishWorkflow(this.gateway, openCatalog(this.gateway, []), checked, { type: 'user', id: 'ada' });
  }

  limit(runs: LimitPolicy['runs'] | null): Promise<number> {
    return setLimits(this.owner, runs === null || runs === undefined ? null : { runs });
  }

  /** @param take instead of the hub's own */
  async startHub(overrides: Partial<Pick<PlaceLinePorts, 'take' | 'isFirst' | 'everyMs'>> = {}): Promise<PlacesHub> {
    const { fixture } = this;
    const { pool } = fixture;
    const catalog = openCatalog(pool, []);
    let ring = (): void => {};
    const hub = await fixture.startHub({ catalog, onEnded: () => ring() });
    const ports = {
      pool,
      catalog,
      sealer: sealerOf(pool),
      handle: hub.handle.bind(hub),
      suspects: hub.suspects,
      log,
    };
    const line = await PlaceLine.open({
      pool,
      take: (request) => takeStored(request, ports),
      isFirst: () => true,
      everyMs: 50,
      log,
      ...overrides,
    });
    ring = () => line.ring();
    const controller = new IntakeController(hub, catalog, pool, false, line);
    const intake = consume(fixture.messaging, {
      queue: INTAKE_QUEUE,
      messages: intakeMessages,
      concurrency: 100,
      deadLetter: async () => {},
      handle: (delivery) => controller.take(delivery.data, delivery),
    });
    const started = { hub, line, intake };
    this.#open.push(started);
    return started;
  }

  /** As a gateway does it: what is beyond the share of one person goes behind what others submit. */
  async submit(
    by: Actor,
    runIds: readonly string[],
    more: JsonObject = {},
    urgencyOf: (n: number) => number = () => 0,
  ): Promise<void> {
    const messages = runIds.map((runId) => ({
      ...{ requestId: `start ${runId}`, runId, workflow: `${WORKFLOW}@1.0.0`, input: {} },
      ...more,
      actor: actorAsJson(by),
    }));
    for (const message of messages) await acceptRequest(this.gateway, { ...message, name: 'submit', message });
    await this.fixture.messaging.publish(
      INTAKE_QUEUE,
      messages.map((message, n) => ({
        jobId: `q-${randomUUID()}`,
        name: 'submit',
        data: message,
        priority: urgencyOf(n),
      })),
    );
  }

  /** Straight to the queue, as a producer outside. */
  async produce(runId: string, more: JsonObject = {}): Promise<void> {
    const data = { requestId: `direct ${runId}`, runId, workflow: WORKFLOW, input: {}, ...more };
    await this.fixture.messaging.publish(INTAKE_QUEUE, [{ jobId: requestJobId(data.requestId), name: 'submit', data }]);
  }

  async cancel(by: Actor, runId: string): Promise<void> {
    const message = { requestId: `cancel ${runId}`, runId, actor: actorAsJson(by) };
    await acceptRequest(this.gateway, { ...message, name: 'cancel', message });
    await this.fixture.messaging.publish(INTAKE_QUEUE, [{ jobId: `q-${randomUUID()}`, name: 'cancel', data: message }]);
  }

  /** Whether the first task of a run was taken by its worker. */
  isAtWork(runId: string): boolean {
    return this.fixture.taken.some(({ commandId }) => commandId === commandIdOf(runId, 1));
  }

  /** The most runs that were open at the same time, by the log. */
  async mostOpen(): Promise<number> {
    let open = 0;
    let most = 0;
    for (const { type } of await readLog(this.owner, { afterPosition: 0, limit: 100_000 })) {
      if (type === 'RunStarted') open += 1;
      if (/^Run(Succeeded|Failed|Cancelled)$/.test(type)) open -= 1;
      most = Math.max(most, open);
    }
    return most;
  }

  /** It is not waited for any more: what it has in hand never ends. */
  abandon(started: PlacesHub): void {
    void started.line.stop();
    this.#open.splice(this.#open.indexOf(started), 1);
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map(({ intake }) => intake.stop(1_000)));
    await Promise.all(this.#open.map(({ line }) => line.stop()));
    await this.gateway.end();
    await this.owner.end();
    await this.fixture.close();
  }
}
