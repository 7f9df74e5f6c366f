import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { commandIdOf, taskJobId, workerQueue } from '@baton/contracts';
import {
  acceptRequest,
  createPool,
  listDeadLetters,
  outstandingCommands,
  pendingRequests,
  readNonces,
} from '@baton/event-store';
import { queueEpoch } from '@baton/messaging';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { takeInbox } from '../requests/inbox.js';
import { HubFixture, log, sealerOf } from '../testing/hub-fixture.js';
import { Dispatcher } from './dispatcher.js';
import { createTailSender } from './rounds/send-tail.js';
import { createSweeper } from './rounds/sweep.js';

/* What a crash after each step costs, as ARCHITECTURE.md promises: delay, never loss, and no effect twice. */

const sweeping = {
  withdraw: async () => new Set<string>(),
  hasWaiting: async () => false,
  giveUp: vi.fn(),
  log,
  graceMs: 0,
};
const backends = [
  { backend: 'Postgres', redisUrl: null },
  { backend: 'Redis', redisUrl: inject('redisUrl') },
] as const;

const dispatcherOf = async ({ messaging: { publish }, pool }: HubFixture): Promise<Dispatcher> =>
  new Dispatcher({ publish, nonceOf: await readNonces(pool), monotonicMs: () => performance.now(), log }, 0);

for (const { backend, redisUrl } of backends) {
  describe.skipIf(backend === 'Redis' && redisUrl === null)(`with queues on ${backend}`, () => {
    let fixture: HubFixture;
    let runId: string;
    beforeEach(async () => {
      fixture = await HubFixture.open(inject('postgresUrl'), redisUrl);
      runId = randomUUID();
    });
    afterEach(() => fixture.close({ isReplayed: true }));

    const takenOnce = async (commandId: string): Promise<void> => {
      await vi.waitFor(() => expect(fixture.taken.map((task) => task.commandId)).toContain(commandId), {
        timeout: 15_000,
        interval: 50,
      });
      expect(fixture.taken.filter((task) => task.commandId === commandId)).toHaveLength(1);
    };

    test('after the commit and before the dispatch: the next start sends the task', async () => {
      const deaf = { ...fixture.messaging, publish: () => Promise.reject(new Error('killed before the dispatch')) };
      const first = await fixture.startHub({ messaging: deaf });
      expect(await first.handle(fixture.start(runId))).toBe('committed');
      fixture.startTaking();
      await fixture.startHub();
      await takenOnce(commandIdOf(runId, 1));
    });

    test('after half a dispatch: the tail is sent again, and what was sent runs once', async () => {
      const hub = await fixture.startHub();
      await hub.handle(fixture.start(runId));
      fixture.startTaking();
      await takenOnce(commandIdOf(runId, 1));
      // The process dies before it saves the cursor; its successor sends the same command again.
      await fixture.startHub();
      const other = randomUUID();
      await hub.handle(fixture.start(other));
      await takenOnce(commandIdOf(other, 1));
      expect(fixture.taken.filter((task) => task.runId === runId)).toHaveLength(1);
    });

    test('after the commit of a result: its second delivery changes nothing', async () => {
      const hub = await fixture.startHub();
      await hub.handle(fixture.start(runId));
      const answer = fixture.answer(commandIdOf(runId, 1));
      expect(await hub.handle(answer)).toBe('committed');
      const events = await fixture.events(runId);
      expect(await hub.handle(answer)).toBe('ignored');
      // Another process has no cached state that would know.
      const successor = await fixture.startHub();
      expect(await successor.handle(answer)).toBe('ignored');
      expect(await fixture.events(runId)).toEqual(events);
    });

    test('two hubs with one result each write it once', async () => {
      const [one, two] = [await fixture.startHub(), await fixture.startHub()];
      await one.handle(fixture.start(runId));
      const answer = fixture.answer(commandIdOf(runId, 1));
      await two.handle(fixture.start(randomUUID()));
      const outcomes = await Promise.all([one.handle(answer), two.handle(answer), two.handle(answer)]);
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
      expect((await fixture.events(runId)).filter(({ type }) => type === 'TaskSucceeded')).toHaveLength(1);
    });

    test('two hubs take turns at one run, and neither takes a result for late on a state it kept', async () => {
      const [one, two] = [await fixture.startHub(), await fixture.startHub()];
      await one.handle(fixture.start(runId));
      expect(await two.handle(fixture.answer(commandIdOf(runId, 1)))).toBe('committed');
      expect(await one.handle(fixture.answer(commandIdOf(runId, 2)))).toBe('committed');
      expect((await fixture.events(runId)).at(-1)?.type).toBe('RunSucceeded');
    });

    test('a submission that comes twice, through two hubs, is one run', async () => {
      const [one, two] = [await fixture.startHub(), await fixture.startHub()];
      const outcomes = await Promise.all([one.handle(fixture.start(runId)), two.handle(fixture.start(runId))]);
      expect(outcomes.toSorted()).toEqual(['committed', 'ignored']);
      expect((await fixture.events(runId)).filter(({ type }) => type === 'RunStarted')).toHaveLength(1);
    });

    test('after the queue lost everything: it is filled again from the command table', async () => {
      const hub = await fixture.startHub();
      await hub.handle(fixture.start(runId));
      await vi.waitFor(
        async () => {
          const state = await fixture.messaging.jobState(
            workerQueue(fixture.kind),
            await fixture.jobOf(commandIdOf(runId, 1)),
          );
          expect(state).toBe('waiting');
        },
        { timeout: 20_000 },
      );
      await fixture.wipeQueues();
      fixture.startTaking();
      await takenOnce(commandIdOf(runId, 1));
      await vi.waitFor(async () => expect(await queueEpoch(fixture.messaging).read()).toBe('ready'), {
        timeout: 5_000,
      });
    });

    test('after the queue lost a part, marker and all else in place: the sweep sends what is missing', async () => {
      const hub = await fixture.startHub();
      await hub.handle(fixture.start(runId));
      await hub.stop();
      await fixture.wipeQueues();
      const { messaging } = fixture;
      const store = await fixture.store();
      await queueEpoch(messaging).beginRebuild('test');
      await queueEpoch(messaging).finishRebuild('test');
      const dispatcher = await dispatcherOf(fixture);
      const { jobStates } = messaging;
      await createSweeper({ ...sweeping, store, dispatcher, jobStates })();
      fixture.startTaking();
      await takenOnce(commandIdOf(runId, 1));
    });

    test('after a worker finished its job and its result was lost: the sweep asks again under a new number', async () => {
      const hub = await fixture.startHub();
      await hub.handle(fixture.start(runId));
      fixture.startTaking();
      await takenOnce(commandIdOf(runId, 1));
      await hub.stop();
      const { messaging } = fixture;
      const store = await fixture.store();
      const queue = workerQueue(fixture.kind);
      const job = await fixture.jobOf(commandIdOf(runId, 1));
      await vi.waitFor(async () => expect(await messaging.jobState(queue, job)).toBe('completed'), { timeout: 20_000 });
      const dispatcher = await dispatcherOf(fixture);
      const { jobStates } = messaging;
      const sweep = createSweeper({ ...sweeping, store, dispatcher, jobStates });
      await sweep();
      // Once is not enough: the result may be on its way.
      expect(
        (await outstandingCommands(fixture.pool, { afterSeq: 0, limit: 10 })).map(({ dispatchNo }) => dispatchNo),
      ).toEqual([0]);
      await sweep();
      await vi.waitFor(() => expect(fixture.taken.map(({ dispatchNo }) => dispatchNo)).toEqual([0, 1]), {
        timeout: 15_000,
      });
    });

    test('while the queue is away: commands wait beyond the cursor and are sent when it is back', async () => {
      let isAway = true;
      const publish: typeof fixture.messaging.publish = (queue, jobs) =>
        isAway ? Promise.reject(new Error('away')) : fixture.messaging.publish(queue, jobs);
      const hub = await fixture.startHub({ messaging: { ...fixture.messaging, publish } });
      expect(await hub.handle(fixture.start(runId))).toBe('committed');
      fixture.startTaking();
      isAway = false;
      await takenOnce(commandIdOf(runId, 1));
    });

    test('a request that was accepted and whose message was lost is taken from the inbox', async () => {
      const hub = await fixture.startHub();
      const gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'hub-test' });
      const { document, submission } = fixture.start(runId).order as Extract<
        ReturnType<typeof fixture.start>['order'],
        { type: 'StartRun' }
      >;
      await acceptRequest(gateway, {
        requestId: submission.requestId,
        name: 'submit',
        message: JSON.parse(JSON.stringify(submission)),
      });
      await acceptRequest(gateway, { requestId: 'broken', name: 'submit', message: { workflow: 5 } });
      await gateway.end();
      await takeInbox({
        pool: fixture.pool,
        sealer: sealerOf(fixture.pool),
        catalog: createCatalog([{ document, sha256: '0'.repeat(64), file: 'test' }]),
        handle: hub.handle.bind(hub),
        suspects: hub.suspects,
        monotonicMs: () => 0,
        log,
        graceMs: -1_000,
      });
      expect((await fixture.events(runId))[0]?.type).toBe('RunStarted');
      expect(await pendingRequests(fixture.pool, { limit: 10 })).toEqual([]);
    });
  });
}

test('a hub whose lane was taken over cannot write, and ends', async () => {
  const fixture = await HubFixture.open(inject('postgresUrl'));
  try {
    const onFenced = vi.fn();
    const hub = await fixture.startHub({ onFenced });
    const admin = createPool(fixture.database.url, { role: 'owner', applicationName: 'hub-test' });
    await admin.query('update baton.lane set fence = fence + 1');
    await admin.end();
    const runId = randomUUID();
    await expect(hub.handle(fixture.start(runId))).rejects.toMatchObject({ code: 'append-failed' });
    expect(onFenced).toHaveBeenCalledWith(expect.objectContaining({ code: 'lane-fenced' }));
    expect(await fixture.events(runId)).toEqual([]);
  } finally {
    await fixture.close();
  }
});

test('a hub that takes long to recover keeps its lease meanwhile, and learns when it is lost', async () => {
  const fixture = await HubFixture.open(inject('postgresUrl'));
  const stuck = Promise.withResolvers<string | null>();
  try {
    const onFenced = vi.fn();
    const { backend } = fixture.messaging;
    const messaging = { ...fixture.messaging, backend: { ...backend, readEpoch: () => stuck.promise } };
    const starting = fixture.startHub({ messaging, onFenced });
    const admin = createPool(fixture.database.url, { role: 'owner', applicationName: 'hub-test' });
    const claimed = async () => (await admin.query('select from baton.lane where fence > 0')).rowCount;
    await vi.waitFor(async () => expect(await claimed()).toBe(1), { timeout: 20_000 });
    await admin.query('update baton.lane set fence = fence + 1');
    await admin.end();
    await vi.waitFor(() => expect(onFenced).toHaveBeenCalled(), { timeout: 8_000 });
    stuck.resolve('ready');
    await starting;
  } finally {
    stuck.resolve('ready');
    await fixture.close();
  }
});

test('a result that cannot be written is put aside and its task asked for again; what the hub itself says parks the run', async () => {
  const fixture = await HubFixture.open(inject('postgresUrl'));
  try {
    const hub = await fixture.startHub();
    const runId = randomUUID();
    await hub.handle(fixture.start(runId));
    const output = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    const order = { type: 'CompleteTask', commandId: commandIdOf(runId, 1), output } as const;
    const answer = { ...fixture.answer(order.commandId), order };
    const outstanding = async () => (await outstandingCommands(fixture.pool, { limit: 10 })).length;
    expect(await hub.handle(answer)).toBe('put-aside');
    expect(await outstanding()).toBe(1);
    expect(await hub.handle({ ...answer, actor: { type: 'system', id: 'orchestrator' } })).toBe('put-aside');
    expect(await outstanding()).toBe(0);
    expect(await listDeadLetters(fixture.pool, { limit: 10 })).toHaveLength(2);
  } finally {
    await fixture.close();
  }
});

test('the undispatched tail of a process that died is sent by any other, whatever its lane', async () => {
  const fixture = await HubFixture.open(inject('postgresUrl'));
  try {
    const deaf = { ...fixture.messaging, publish: () => Promise.reject(new Error('killed')) };
    const first = await fixture.startHub({ messaging: deaf });
    const runId = randomUUID();
    await first.handle(fixture.start(runId));
    const sent: string[] = [];
    const dispatcher = new Dispatcher(
      {
        publish: async (_, jobs) => void sent.push(...jobs.map(({ jobId }) => jobId)),
        monotonicMs: () => performance.now(),
        log,
      },
      0,
    );
    const { jobStates } = fixture.messaging;
    const ports = { ...sweeping, store: await fixture.store(), dispatcher, jobStates };
    await createTailSender(ports, 15)(-1_000);
    expect(sent).toEqual([taskJobId(commandIdOf(runId, 1), 0)]);
  } finally {
    await fixture.close();
  }
});
