import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import {
  acceptRequest,
  beginSuspect,
  claimLane,
  clearSuspect,
  createPool,
  listDeadLetters,
  pendingRequests,
  releaseLane,
  type Suspect,
} from '@baton/event-store';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { HubMessage } from '../hub/message.js';
import { HubFixture, log, sealerOf } from '../testing/hub-fixture.js';
import { type InboxPorts, takeInbox } from './inbox.js';
import { InboxLine } from './inbox-line.js';

const NOBODY = { begin: async () => true, clear: async () => {} };

let fixture: HubFixture;
let gateway: Pool;
let ports: Omit<InboxPorts, 'handle'>;

beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'inbox-test' });
  const { order } = fixture.start(randomUUID());
  if (order.type !== 'StartRun') throw new Error('a start is a StartRun');
  const catalog = createCatalog([{ document: order.document, sha256: order.sha256, file: 'test' }]);
  ports = {
    pool: fixture.pool,
    sealer: sealerOf(fixture.pool),
    catalog,
    monotonicMs: () => performance.now(),
    log,
    graceMs: -1_000,
    suspects: NOBODY,
  };
});
afterEach(async () => {
  await gateway.end();
  await fixture.close();
});

const accept = (requestId: string, runId?: string) =>
  acceptRequest(gateway, {
    requestId: requestId.toWellFormed(),
    name: 'submit',
    message: { requestId, workflow: 'two-tasks', input: {}, ...(runId === undefined ? {} : { runId }) },
  });
const pending = async () => (await pendingRequests(fixture.pool, { limit: 10 })).length;
const reasons = async () => (await listDeadLetters(fixture.pool, { limit: 10 })).map(({ reason }) => reason);

test('a request that no id can be made of does not hold up those behind it', async () => {
  const hub = await fixture.startHub();
  await accept('half a pair \ud800');
  await accept('good', randomUUID());
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  expect(await pending()).toBe(0);
  expect(await reasons()).toEqual([expect.stringMatching(/^invalid-request: /)]);
});

test('a request whose run cannot be decided now waits, and those behind it are taken', async () => {
  const hub = await fixture.startHub();
  const [stuck, runId] = [randomUUID(), randomUUID()];
  await accept('stuck', stuck);
  await accept('good', runId);
  const handle = (message: HubMessage) =>
    message.runId === stuck ? Promise.reject(new Error('its log is damaged')) : hub.handle(message);
  await takeInbox({ ...ports, handle });
  expect(await pending()).toBe(1);
  expect((await fixture.events(runId))[0]?.type).toBe('RunStarted');
});

test('more failing requests than a page do not starve a younger one, and are tried ever more rarely', async () => {
  const hub = await fixture.startHub();
  const stuck = new Set<string>(Array.from({ length: 120 }, () => randomUUID()));
  await Promise.all([...stuck].map((runId) => accept(`stuck ${runId}`, runId)));
  const good = randomUUID();
  await accept('good', good);
  const tries: string[] = [];
  const handle = (message: HubMessage) => {
    tries.push(message.runId);
    return stuck.has(message.runId) ? Promise.reject(new Error('its log is damaged')) : hub.handle(message);
  };
  let nowMs = 0;
  const line = new InboxLine();
  const round = async (): Promise<number> => {
    tries.length = 0;
    await takeInbox({ ...ports, handle, monotonicMs: () => nowMs }, line);
    return tries.length;
  };
  expect(await round()).toBe(121);
  expect((await fixture.events(good))[0]?.type).toBe('RunStarted');
  expect(await round()).toBe(0);
  nowMs += 1_000;
  expect(await round()).toBe(120);
  nowMs += 1_000;
  expect(await round()).toBe(0);
  const [well = ''] = stuck;
  stuck.delete(well);
  nowMs += 1_000;
  expect(await round()).toBe(120);
  expect((await fixture.events(well))[0]?.type).toBe('RunStarted');
});

test('a submission for a run that another request began is refused in the open, not dropped', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await accept('first', runId);
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  await accept('second', runId);
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  expect(await pending()).toBe(0);
  expect(await reasons()).toEqual([expect.stringMatching(/^run-exists: /)]);
});

const signal = (requestId: string, runId: string, name = 'go') =>
  acceptRequest(gateway, { requestId, name: 'signal', message: { requestId, runId, name } });

test('a request about a run that was accepted and has not begun waits for it', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await accept('start', runId);
  // Also by its id behind the other, which may have come in the same millisecond.
  await signal('too early', runId);
  const handle = (message: HubMessage) =>
    message.order.type === 'StartRun' ? Promise.reject(new Error('not now')) : hub.handle(message);
  await takeInbox({ ...ports, handle });
  expect(await pending()).toBe(2);
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  expect(await pending()).toBe(0);
  expect((await fixture.events(runId)).map(({ type }) => type)).toContain('SignalReceived');
});

test('a run that was accepted and has not begun can be cancelled, and nothing of it is ever begun', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await accept('start', runId);
  await acceptRequest(gateway, {
    requestId: 'stop',
    name: 'cancel',
    message: { requestId: 'stop', runId, reason: 'no' },
  });
  // Whatever would make a beginning of it does not come through.
  const handle = (message: HubMessage) => {
    const isBeginning = message.order.type === 'StartRun' && message.order.cancelled === undefined;
    return isBeginning ? Promise.reject(new Error('not now')) : hub.handle(message);
  };
  await takeInbox({ ...ports, handle });
  expect((await fixture.events(runId)).map(({ type }) => type)).toEqual([
    'RunStarted',
    'FrameStarted',
    'FrameAborted',
    'RunCancelled',
  ]);
  // The submission comes once more, by whatever way.
  expect(await hub.handle(fixture.start(runId, 'start'))).toBe('ignored');
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  expect(await pending()).toBe(0);
});

test.each(['signal', 'retry'])('a %s of a run that nobody asked for is refused in the open', async (name) => {
  const hub = await fixture.startHub();
  const message = { requestId: 'lost', runId: randomUUID(), ...(name === 'signal' ? { name: 'go' } : {}) };
  await acceptRequest(gateway, { requestId: 'lost', name, message });
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  expect(await pending()).toBe(0);
  expect(await reasons()).toEqual([expect.stringMatching(/^unknown-run: /)]);
});

test('a signal for which there is no room is refused in the open', async () => {
  const hub = await fixture.startHub();
  const runId = randomUUID();
  await accept('start', runId);
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  const sent = Array.from({ length: 1_000 }, (_, n) =>
    hub.handle({
      ...{ runId, causationId: `s${n}`, requestId: `s${n}`, actor: { type: 'system', id: 'test' } },
      order: { type: 'SignalRun', requestId: `s${n}`, runId, name: 'go', data: n },
    }),
  );
  await Promise.all(sent);
  await signal('one too many', runId);
  await takeInbox({ ...ports, handle: hub.handle.bind(hub) });
  expect(await reasons()).toEqual([expect.stringMatching(/^too-many-signals: /)]);
});

test('a request over whose check two processes ended is a dead letter at the third one, and those behind it are taken', async () => {
  const [deadly, good] = [randomUUID(), randomUUID()];
  await accept('deadly', deadly);
  await accept('good', good);
  const { catalog } = ports;
  let checks = 0;
  /** Ends its process: it never comes back, and what it noted stays. */
  const endOver = () => new Promise<never>(() => {});
  const input = () => {
    checks += 1;
    return endOver();
  };
  const ending = { ...catalog, checks: { ...catalog.checks, input } };
  for (let tries = 0; tries < 2; tries += 1) {
    const lane = await claimLane(fixture.pool, 'inbox-test', 60_000);
    if (lane === null) throw new Error('no free lane');
    const suspects = {
      begin: (suspect: Suspect) => beginSuspect(fixture.pool, lane, suspect),
      clear: (key: string) => clearSuspect(fixture.pool, key),
    };
    const round = takeInbox({ ...ports, catalog: ending, handle: () => endOver(), suspects });
    await expect.poll(() => checks).toBe(tries + 1);
    void round;
    await releaseLane(fixture.pool, lane);
  }
  const hub = await fixture.startHub();
  await takeInbox({ ...ports, handle: hub.handle.bind(hub), suspects: hub.suspects });
  expect(await reasons()).toEqual([expect.stringMatching(/^ended-its-process: /)]);
  expect((await fixture.events(good))[0]?.type).toBe('RunStarted');
  expect(await fixture.events(deadly)).toEqual([]);
});
