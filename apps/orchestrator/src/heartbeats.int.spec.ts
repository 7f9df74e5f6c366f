import { randomUUID } from 'node:crypto';
import { commandIdOf, PROTOCOL_VERSION } from '@baton/contracts';
import { announceWorker, type NonceOf, readNonces } from '@baton/event-store';
import { parseWorkflowDocument, readEvent, rebuild } from '@baton/workflow';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import type { Hub } from './hub/hub.js';
import { SignsOfLife } from './results/signs-of-life.js';
import { HubFixture } from './testing/hub-fixture.js';

let fixture: HubFixture;
let hub: Hub;
let nonceOf: NonceOf;
beforeAll(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
  hub = await fixture.startHub();
  nonceOf = await readNonces(fixture.pool);
});
afterAll(() => fixture?.close());

/** So many runs, each with a task that may be silent for so long. */
async function runs(count: number, HeartbeatSeconds: number): Promise<readonly string[]> {
  const parsed = parseWorkflowDocument({
    name: 'beating',
    version: '1.0.0',
    title: 'Beating',
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: { A: { Type: 'Task', Resource: `baton:worker:${fixture.kind}`, HeartbeatSeconds, End: true } },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const runId of ids) await hub.handle(fixture.start(runId, `start ${runId}`, parsed.document));
  return ids;
}

const beatOf = (runId: string, waitSeconds?: number) => {
  const commandId = commandIdOf(runId, 1);
  return { runId, commandId, dispatchNo: 0, nonce: nonceOf(commandId, 0), waitSeconds };
};
const unproven = (runId: string) => ({ ...beatOf(runId), nonce: undefined });

/** How long the worker of the only task of a run may be silent from now on, in seconds. */
async function patience(runId: string): Promise<number> {
  const { rows } = await fixture.pool.query(
    'select extract(epoch from heartbeat_deadline - statement_timestamp())::float8 as left from baton.command where run_id = $1',
    [runId],
  );
  return rows[0].left;
}

/** A worker says that it has the tasks of these runs in work. */
async function announce(workerId: string, kind: string, of: readonly string[]): Promise<void> {
  const tasks = of.map((runId, n) => ({
    ...{ ordinal: n + 1, commandId: commandIdOf(runId, 1), state: 'A', dispatchNo: 0 },
    ...{ begunMsAgo: 10, endedMsAgo: null, beatMsAgo: null, note: null },
  }));
  await announceWorker(fixture.pool, {
    ...{ v: PROTOCOL_VERSION, workerId, kind, description: '', version: '', host: 'here', pid: 1, concurrency: 1 },
    ...{
      bundle: 1,
      hasOwnDoor: false,
      looksAtRungs: false,
      input: null,
      output: null,
      tasks,
      isDraining: false,
      isStopped: false,
    },
  });
}

test('a task whose worker falls silent times out, and one whose worker beats or has to wait does not', async () => {
  const signs = new SignsOfLife(fixture.pool, hub.nonceOf);
  const [beating = '', silent = '', waiting = ''] = await runs(3, 1);
  const stateOf = async (runId: string) => rebuild((await fixture.events(runId)).map(readEvent));
  await signs.take(beatOf(waiting, 600));
  const beats = setInterval(() => void signs.take(beatOf(beating)), 200);
  await vi.waitFor(
    async () => expect(await stateOf(silent)).toMatchObject({ error: 'States.HeartbeatTimeout' }),
    5_000,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await stateOf(beating)).toMatchObject({ status: 'running' });
  clearInterval(beats);
  await vi.waitFor(
    async () => expect(await stateOf(beating)).toMatchObject({ error: 'States.HeartbeatTimeout' }),
    5_000,
  );
  expect(await stateOf(waiting)).toMatchObject({ status: 'running' });
  // One that comes too late moves nothing.
  expect(await signs.take(beatOf(beating))).toBeNull();
}, 20_000);

test('a task that was sent anew is kept alive by whoever still has it, and waits no longer for that', async () => {
  const signs = new SignsOfLife(fixture.pool, hub.nonceOf);
  const [runId = ''] = await runs(1, 600);
  const commandId = commandIdOf(runId, 1);
  await fixture.pool.query(
    `update baton.command set dispatch_no = 1, heartbeat_deadline = statement_timestamp() + interval '300 seconds' where command_id = $1`,
    [commandId],
  );
  expect(await signs.take(beatOf(runId, 86_400))).toBeNull();
  expect(await patience(runId)).toBeLessThan(601);
  expect(await patience(runId)).toBeGreaterThan(301);
  expect(await signs.take({ ...beatOf(runId, 86_400), dispatchNo: 1, nonce: nonceOf(commandId, 1) })).toBeNull();
  expect(await patience(runId)).toBeGreaterThan(86_400);
});

test('without proof a worker is believed as long as it says to have the task and nobody proved to have it', async () => {
  const signs = new SignsOfLife(fixture.pool, hub.nonceOf);
  const [queued = '', foreign = '', held = '', proven = ''] = await runs(4, 600);
  const refusal = expect.stringMatching(/^unproven-heartbeat: /);
  const [former, newer, other] = [randomUUID(), randomUUID(), randomUUID()];
  await announce(former, fixture.kind, [held]);
  await announce(newer, fixture.kind, [proven]);
  await announce(other, 'another-kind', [foreign]);
  await fixture.pool.query(
    'update baton.command set heartbeat_deadline = heartbeat_deadline - $2::interval where run_id = any($1)',
    [[queued, foreign, held, proven], '300 seconds'],
  );
  expect(await signs.take(unproven(queued))).toEqual(refusal);
  expect(await signs.take(unproven(foreign))).toEqual(refusal);
  expect(await signs.take(unproven(held))).toBeNull();
  expect(await signs.take(beatOf(proven))).toBeNull();
  await fixture.pool.query(
    'update baton.command set heartbeat_deadline = heartbeat_deadline - $2::interval where run_id = $1',
    [proven, '300 seconds'],
  );
  expect(await signs.take(unproven(proven))).toEqual(refusal);
  for (const runId of [queued, foreign, proven]) expect(await patience(runId)).toBeLessThan(301);
  expect(await patience(held)).toBeGreaterThan(301);
  // A former one that takes the task over is believed again.
  await announce(former, fixture.kind, [held, proven]);
  expect(await signs.take(unproven(proven))).toBeNull();
});

test('who has a task no longer is believed for its others, whoever proves to have that one', async () => {
  const signs = new SignsOfLife(fixture.pool, hub.nonceOf);
  const [resent = '', kept = ''] = await runs(2, 600);
  const former = randomUUID();
  await announce(former, fixture.kind, [resent, kept]);
  const commandId = commandIdOf(resent, 1);
  await fixture.pool.query('update baton.command set dispatch_no = 1 where command_id = $1', [commandId]);
  // The new worker beats before it is announced.
  expect(await signs.take({ ...beatOf(resent), dispatchNo: 1, nonce: nonceOf(commandId, 1) })).toBeNull();
  expect(await signs.take(unproven(resent))).toMatch(/^unproven-heartbeat: /);
  expect(await signs.take(unproven(kept))).toBeNull();
});
