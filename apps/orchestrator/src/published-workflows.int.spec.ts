import { randomUUID } from 'node:crypto';
import { catalogMigrations, checkDocument, openCatalog, publishWorkflow } from '@baton/catalog';
import { commandIdOf } from '@baton/contracts';
import {
  acceptRequest,
  createPool,
  eventStoreMigrations,
  listDeadLetters,
  migrate,
  pendingRequests,
} from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import type { Hub } from './hub/hub.js';
import { takeInbox } from './requests/inbox.js';
import { HubFixture, log, sealerOf } from './testing/hub-fixture.js';

let fixture: HubFixture;
let gateway: Pool;
let catalog: ReturnType<typeof openCatalog>;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  await migrate(fixture.database.url, [eventStoreMigrations, catalogMigrations]);
  gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'published-test' });
  catalog = openCatalog(fixture.pool, []);
  fixture.startTaking();
});
afterEach(async () => {
  await gateway.end();
  await fixture.close();
});

/** A chain of tasks with these names. */
async function publish(version: string, ...names: readonly string[]): Promise<string> {
  const States = Object.fromEntries(
    names.map((name, index) => {
      const next = names[index + 1];
      const onwards = next === undefined ? { End: true } : { Next: next };
      return [name, { Type: 'Task', Resource: `baton:worker:${fixture.kind}`, ...onwards }];
    }),
  );
  const definition = { QueryLanguage: 'JSONata', StartAt: names[0], States };
  const checked = checkDocument({ name: 'pinned', version, title: 'Pinned', definition });
  if (!checked.ok) throw new Error('the test document is wrong');
  const by = { type: 'user', id: 'ada' } as const;
  const { status } = await publishWorkflow(gateway, openCatalog(gateway, []), checked, by);
  expect(status).toBe('published');
  return checked.sha256;
}

async function submit(hub: Hub, workflow: string, pool = fixture.pool): Promise<string> {
  const runId = randomUUID();
  const message = { requestId: `start ${runId}`, workflow, input: {}, runId };
  await acceptRequest(gateway, { requestId: message.requestId, name: 'submit', message });
  await take(hub, pool);
  return runId;
}
const take = (hub: Hub, pool = fixture.pool) =>
  takeInbox({
    pool: fixture.pool,
    sealer: sealerOf(fixture.pool),
    catalog: pool === fixture.pool ? catalog : openCatalog(pool, []),
    handle: hub.handle.bind(hub),
    suspects: hub.suspects,
    monotonicMs: () => performance.now(),
    log,
    graceMs: -1_000,
  });

const taken = (runId: string, ordinal: number) =>
  vi.waitFor(
    () => {
      const task = fixture.taken.find(({ commandId }) => commandId === commandIdOf(runId, ordinal));
      expect(task).toBeDefined();
      return task?.state;
    },
    { timeout: 20_000 },
  );
const started = async (runId: string) => {
  const [stored] = await fixture.events(runId);
  const event = stored === undefined ? null : readEvent(stored);
  if (event?.type !== 'RunStarted') throw new Error('the run did not begin');
  return event.data;
};

test('a run keeps the version it began with, whatever is published meanwhile', async () => {
  const sha256 = await publish('1.0.0', 'A', 'B');
  const first = await fixture.startHub();
  const old = await submit(first, 'pinned');
  expect(await taken(old, 1)).toBe('A');

  const newer = await publish('1.1.0', 'A', 'C');
  await first.handle(fixture.answer(commandIdOf(old, 1)));
  expect(await taken(old, 2)).toBe('B');
  const before = await started(old);
  expect(before).toMatchObject({
    workflow: { name: 'pinned', version: '1.0.0', sha256 },
    document: { version: '1.0.0', definition: { States: { A: { Next: 'B' } } } },
  });

  const fresh = await submit(first, 'pinned');
  await first.handle(fixture.answer(commandIdOf(fresh, 1)));
  expect(await taken(fresh, 2)).toBe('C');
  expect(await started(fresh)).toMatchObject({ workflow: { version: '1.1.0', sha256: newer } });
  expect((await started(await submit(first, 'pinned@1.0.0'))).workflow.sha256).toBe(sha256);

  // Another process knows of the run only what the log says.
  await first.stop();
  const second = await fixture.startHub();
  await second.handle(fixture.answer(commandIdOf(old, 2)));
  expect((await fixture.events(old)).at(-1)?.type).toBe('RunSucceeded');
  expect(await started(old)).toEqual(before);
});

test('a submission waits while its workflow cannot be looked up, and is refused when it cannot be read', async () => {
  await publish('1.0.0', 'A');
  const hub = await fixture.startHub();
  const away = createPool('postgres://nobody@127.0.0.1:9/none', { role: 'hub', applicationName: 'published-test' });
  await expect(submit(hub, 'pinned', away)).rejects.toMatchObject({ code: 'database-unreachable' });
  await away.end();
  expect(await pendingRequests(fixture.pool, { limit: 10 })).toHaveLength(1);
  await take(hub);
  expect(await pendingRequests(fixture.pool, { limit: 10 })).toEqual([]);
  expect(await listDeadLetters(fixture.pool, { limit: 10 })).toEqual([]);

  const owner = createPool(fixture.database.url, { role: 'owner', applicationName: 'published-test', max: 1 });
  await owner.query(
    `insert into baton.workflow (name, version, sha256, document, published_by)
     values ('pinned', '9.0.0', decode(repeat('00', 32), 'hex'), '{}', '{"type":"user","id":"ada"}')`,
  );
  await owner.end();
  await submit(hub, 'pinned');
  const [letter] = await listDeadLetters(fixture.pool, { limit: 10 });
  expect(letter?.reason).toMatch(/^workflow-unreadable: The published workflow pinned@9\.0\.0 cannot be used/);
  expect((await fixture.events(await submit(hub, 'pinned@1.0.0')))[0]?.type).toBe('RunStarted');
});
