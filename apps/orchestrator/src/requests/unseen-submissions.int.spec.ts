import { randomUUID } from 'node:crypto';
import { catalogMigrations, checkDocument, openCatalog, publishWorkflow, withdrawWorkflow } from '@baton/catalog';
import { type JsonObject, requestJobId, WorkerAnnouncement } from '@baton/contracts';
import { acceptRequest, announceWorker, createPool, eventStoreMigrations, migrate } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { PlaceLine } from '../places/place-line.js';
import { HubFixture, log } from '../testing/hub-fixture.js';
import { IntakeController } from './intake.controller.js';

const ada = { type: 'user', id: 'ada' } as const;

let fixture: HubFixture;
let gateway: Pool;
let controller: IntakeController;
let line: PlaceLine;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  await migrate(fixture.database.url, [eventStoreMigrations, catalogMigrations]);
  gateway = createPool(fixture.database.url, { role: 'gateway', applicationName: 'unseen-test' });
  line = await PlaceLine.open({ pool: fixture.pool, take: async () => 'done', isFirst: () => false, log });
  controller = new IntakeController(await fixture.startHub(), openCatalog(fixture.pool, []), fixture.pool, false, line);
  await publish('1.0.0');
});
afterEach(async () => {
  await line.stop();
  await gateway.end();
  await fixture.close();
});

async function publish(version: string): Promise<void> {
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 60, End: true } },
  };
  const checked = checkDocument({ name: 'waits', version, title: `Waits ${version}`, definition });
  if (!checked.ok) throw new Error('the test document is wrong');
  await publishWorkflow(gateway, openCatalog(gateway, []), checked, ada);
}

interface Sent {
  readonly requestId?: string;
  readonly runId?: string;
  readonly workflow?: string;
  readonly input?: JsonObject;
  readonly agents?: JsonObject;
}

/** As a producer puts it into the queue. */
async function send(sent: Sent = {}): Promise<string> {
  const { requestId = randomUUID(), runId = randomUUID(), workflow = 'waits', input = {}, ...more } = sent;
  await take('submit', { requestId, runId, workflow, input, ...more });
  return runId;
}

async function take(name: string, message: JsonObject & { readonly requestId: string }): Promise<void> {
  const delivery = { name, jobId: requestJobId(message.requestId), attempt: 1, stalls: 0 };
  await controller.take(message, { ...delivery, data: message, signal: new AbortController().signal });
}

async function begun(runId: string) {
  const [stored] = await fixture.events(runId);
  const event = stored === undefined ? null : readEvent(stored);
  if (event?.type !== 'RunStarted') throw new Error('the run did not begin');
  return event.data;
}
test('a submission of a producer is written without a query before it, once the workflows are known', async () => {
  await send();
  const queries = vi.spyOn(fixture.pool, 'query');
  const runId = await send();
  expect(JSON.stringify(queries.mock.calls)).not.toContain('look-up-requests');
  queries.mockRestore();
  expect((await begun(runId)).workflow).toMatchObject({ name: 'waits', version: '1.0.0' });
});

test('what was published since is what it runs, and what was withdrawn since it does not', async () => {
  await send();
  await publish('1.1.0');
  expect((await begun(await send())).workflow).toMatchObject({ version: '1.1.0' });
  await withdrawWorkflow(gateway, { name: 'waits', version: '1.1.0' }, ada);
  expect((await begun(await send())).workflow).toMatchObject({ version: '1.0.0' });
  await expect(send({ workflow: 'waits@1.1.0' })).rejects.toMatchObject({ code: expect.stringMatching(/workflow/) });
});

test('what the gateway accepted under the same id counts, whatever somebody put into the queue', async () => {
  await send();
  const [requestId, runId] = [randomUUID(), randomUUID()];
  const message = { requestId, workflow: 'waits', input: { says: 'the gateway' }, runId, actor: ada };
  await acceptRequest(gateway, { requestId, name: 'submit', message });
  await send({ requestId, runId: randomUUID(), input: { says: 'somebody else' } });
  expect(await begun(runId)).toMatchObject({ input: { says: 'the gateway' } });
});

test('what the gateway accepted begins in the trace that stands beside it', async () => {
  const [requestId, runId] = [randomUUID(), randomUUID()];
  const message = { requestId, workflow: 'waits', input: {}, runId, actor: ada };
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await acceptRequest(gateway, { requestId, name: 'submit', message, traceparent });
  await send({ requestId, runId });
  expect(await begun(runId)).toMatchObject({ trace: traceparent });
});

test('the same submission twice is one run, and what cannot be read is refused with its reason', async () => {
  const requestId = randomUUID();
  await send();
  const runId = await send({ requestId });
  await send({ requestId, runId });
  expect(await fixture.events(runId)).toHaveLength((await fixture.events(await send())).length);
  await expect(send({ workflow: 'nobody-knows' })).rejects.toThrow(/nobody-knows/);
});

test('a version that was withdrawn is begun where it was accepted before, and not where a schedule asks for it', async () => {
  await publish('1.1.0');
  await withdrawWorkflow(gateway, { name: 'waits', version: '1.1.0' }, ada);
  const taken = async (requestId: string): Promise<string> => {
    const submission = { requestId, runId: randomUUID(), workflow: 'waits@1.1.0', input: {} };
    await acceptRequest(gateway, { requestId, name: 'submit', message: { ...submission, actor: ada } });
    return send(submission);
  };
  expect((await begun(await taken(randomUUID()))).workflow).toMatchObject({ version: '1.1.0' });
  await expect(taken(`schedule:${randomUUID()}`)).rejects.toMatchObject({ code: 'unknown-workflow' });
});

test('one with a limit on tool servers is refused while an agent lives that would leave it out, and what began before is not', async () => {
  const agents = { mcpServers: ['docs'] };
  const earlier = { requestId: randomUUID(), runId: randomUUID(), agents };
  await send(earlier);
  const former = { v: 1, workerId: randomUUID(), kind: 'tester', host: 'ada', pid: 7, concurrency: 1 };
  await announceWorker(fixture.pool, WorkerAnnouncement.parse(former));
  await expect(send({ agents })).rejects.toMatchObject({ code: 'worker-too-old' });
  const fork = { requestId: randomUUID(), runId: earlier.runId, at: 1 };
  await expect(take('fork', fork)).rejects.toMatchObject({ code: 'worker-too-old' });
  await send(earlier);
  await send({ agents: { model: 'some-model' } });
  expect((await begun(earlier.runId)).agents).toEqual(agents);
});
