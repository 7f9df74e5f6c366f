import type { Catalog } from '@baton/catalog';
import { INTAKE_QUEUE, intakeMessages, laneResultsQueue, resultMessages, resultsQueues } from '@baton/contracts';
import { lanesLeftBehind, personalKeyStore, recordDeadLetter, releaseParkedRuns } from '@baton/event-store';
import { type Consumer, consume, type Delivery, type Messaging } from '@baton/messaging';
import { NotificationSender } from '@baton/notifications';
import { Sealer } from '@baton/personal-data';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import { Hub } from '../../hub/hub.js';
import { LIVES_WHILE_LASTING_MS } from '../../hub/lane-lease.js';
import { Repeat } from '../../hub/repeat.js';
import { PlaceLine } from '../../places/place-line.js';
import { serveLanes } from '../../queues.js';
import { takeInbox, takeStored } from '../../requests/inbox.js';
import { InboxLine } from '../../requests/inbox-line.js';
import { IntakeController } from '../../requests/intake.controller.js';
import { ResultsController } from '../../results/results.controller.js';

/** The clocks and the log of a process. */
export interface Surroundings {
  readonly name: string;
  readonly pool: Pool;
  readonly messaging: Messaging;
  readonly catalog: Catalog;
  readonly log: Logger;
  /** Ends the process. */
  readonly fail: () => void;
  /** A request to the endpoint of the webhook. */
  readonly post: Parameters<typeof NotificationSender.start>[0]['post'];
  /** The hub that the controllers get: where a deliberate bug may sit. */
  readonly around: (hub: Hub) => Hub;
}

const CONCURRENCY = 20;
const TAKE_INBOX_EVERY_MS = 2_000;
const SERVE_LANES_EVERY_MS = 2_000;
const INBOX_GRACE_MS = 3_000;
/** Rarer than usual, since a look costs most of what an idle hub does. */
const LOOK_FOR_NEWS_EVERY_MS = 3_000;

/**
 * An orchestrator, put together of the parts that `orchestrator.ts` puts together, but for Nest, HTTP and the threads for
 * expressions. There is nothing to stop: it ends by being killed.
 */
export async function runOrchestrator(around: Surroundings): Promise<void> {
  const { pool, messaging, catalog, log } = around;
  const clocks = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  await releaseParkedRuns(pool);
  const sealer = new Sealer(personalKeyStore(pool));
  let onEnded = (): void => {};
  const started = await Hub.start({
    ...{ pool, messaging, catalog, sealer, log, ...clocks },
    owner: around.name,
    onFenced: around.fail,
    onEnded: () => onEnded(),
  });
  const hub = around.around(started);
  const { handle, suspects } = { handle: hub.handle.bind(hub), suspects: hub.suspects };
  const taking = { pool, catalog, sealer, handle, suspects, log, monotonicMs: clocks.monotonicMs };
  const places = await PlaceLine.open({
    pool,
    take: (request) => takeStored(request, taking),
    isFirst: () => hub.isFirst,
    log,
  });
  onEnded = () => places.ring();
  const inbox = { ...taking, line: places };
  const line = new InboxLine();
  const lookIntoInbox = async (): Promise<void> => {
    if (hub.isFirst) await takeInbox({ ...inbox, graceMs: INBOX_GRACE_MS }, line);
  };
  new Repeat('inbox', TAKE_INBOX_EVERY_MS, lookIntoInbox, log).start();
  const intake = new IntakeController(hub, catalog, pool, false, places);
  const results = new ResultsController(hub, pool);
  const shared = {
    concurrency: CONCURRENCY,
    deadLetter: (letter: Parameters<typeof recordDeadLetter>[1]) => recordDeadLetter(pool, letter),
  };
  consume(messaging, {
    ...shared,
    queue: INTAKE_QUEUE,
    messages: intakeMessages,
    handle: (delivery) => intake.take(delivery.data, delivery),
  });
  const takeResults = (queue: string) =>
    consume(messaging, { ...shared, queue, messages: resultMessages, handle: (delivery) => told(results, delivery) });
  for (const queue of resultsQueues()) takeResults(queue);
  const lanes = new Map<string, Consumer<typeof resultMessages>>();
  const server = {
    wake: (queue: string): void => {
      if (!lanes.has(queue)) lanes.set(queue, takeResults(queue));
    },
    rest: async (queue: string): Promise<void> => {
      const consumer = lanes.get(queue);
      lanes.delete(queue);
      await consumer?.stop(0);
    },
  };
  server.wake(laneResultsQueue(hub.lane));
  const serve = () => serveLanes(server, hub.lane, () => lanesLeftBehind(pool, LIVES_WHILE_LASTING_MS));
  new Repeat('lanes', SERVE_LANES_EVERY_MS, serve, log).start();
  NotificationSender.start({
    ...{ pool, log, ...clocks, post: around.post },
    publicUrl: 'https://baton.example',
    allowPrivate: false,
    resolve: async () => [],
    random: Math.random,
    pollMs: LOOK_FOR_NEWS_EVERY_MS,
  });
}

/** As Nest gives a message to the handler of its name. */
function told(results: ResultsController, delivery: Delivery<typeof resultMessages>): Promise<void> {
  switch (delivery.name) {
    case 'succeeded':
      return results.succeeded(delivery.data, delivery);
    case 'failed':
      return results.failed(delivery.data, delivery);
    case 'heartbeat':
      return results.heartbeat(delivery.data, delivery);
    default:
      return results.worker(delivery.data);
  }
}
