import { randomUUID } from 'node:crypto';
import { commandIdOf } from '@baton/contracts';
import { appendBatch, claimLane, outstandingCommands, verifyLog } from '@baton/event-store';
import { readEvent, rebuild, type StartedRun } from '@baton/workflow';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { HubFixture } from '../testing/hub-fixture.js';

let fixture: HubFixture;
beforeEach(async () => {
  fixture = await HubFixture.open(inject('postgresUrl'));
});
afterEach(() => fixture.close());

const stored = async (): Promise<number> =>
  Number((await fixture.pool.query('select count(*) as n from baton.document')).rows[0].n);

async function stateOf(runId: string): Promise<StartedRun> {
  const state = rebuild((await fixture.events(runId)).map(readEvent));
  if (state.status === 'new') throw new Error('the run did not begin');
  return state;
}

/** The beginning of a run as a former version wrote it: with its whole document, and waiting for its first task. */
async function beginAsBefore(like: string): Promise<string> {
  const runId = randomUUID();
  const events = await fixture.events(like);
  const asBefore = events.map(({ type, dataText, document, actor, recordedAt }) => {
    // A former version said nothing of what decides.
    const { documentSha256: _, engine: __, ...data } = JSON.parse(dataText.replaceAll(like, runId));
    return {
      ...{ eventId: randomUUID(), type, schemaVersion: 5, causationId: null, correlationId: null, recordedAt, actor },
      data: document === undefined ? data : { ...data, document: JSON.parse(document.text) },
    };
  });
  const [row] = await outstandingCommands(fixture.pool, { afterSeq: 0, limit: 1 });
  const lane = await claimLane(fixture.pool, 'before', 60_000);
  if (row === undefined || lane === null) throw new Error('nothing to write, or nowhere');
  const { queue, name, message, priority, notBefore, deadline, heartbeatSeconds } = row;
  const command = { queue, name, message, priority, notBefore, deadline, heartbeatSeconds };
  const item = {
    ...{ runId, expectedVersion: 0, events: asBefore, consume: [], requests: [], ended: false, parentCommand: null },
    commands: [{ ...command, commandId: commandIdOf(runId, 1) }],
  };
  expect(await appendBatch(fixture.pool, lane, 0, [item])).toMatchObject({ ok: true });
  return runId;
}

test('many runs of one document store it once, and another process reads each of them to its end', async () => {
  const first = await fixture.startHub();
  const runs = Array.from({ length: 5 }, () => randomUUID());
  await Promise.all(runs.map((runId) => first.handle(fixture.start(runId))));
  expect(await stored()).toBe(1);
  const [event] = await fixture.events(runs[0] ?? '');
  expect(event?.dataText).toMatch(/^\{"documentSha256":"[0-9a-f]{64}"/);
  expect(event?.dataText).not.toContain('StartAt');

  await first.stop();
  const second = await fixture.startHub();
  for (const ordinal of [1, 2]) {
    await Promise.all(runs.map((runId) => second.handle(fixture.answer(commandIdOf(runId, ordinal)))));
  }
  const states = await Promise.all(runs.map(stateOf));
  expect(states.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
  expect(new Set(states.map(({ document }) => document)).size).toBe(1);
  expect(await verifyLog(fixture.pool)).toMatchObject({ verified: true });
});

test('a run that a former version began, with its whole document in the log, goes on beside the others, and is forked', async () => {
  const hub = await fixture.startHub();
  const like = randomUUID();
  await hub.handle(fixture.start(like));
  const old = await beginAsBefore(like);
  expect(await hub.handle(fixture.answer(commandIdOf(old, 1)))).toBe('committed');
  expect(await hub.handle(fixture.answer(commandIdOf(like, 1)))).toBe('committed');
  expect((await stateOf(old)).document).toEqual((await stateOf(like)).document);

  const runId = randomUUID();
  const { version } = (await fixture.events(old)).at(-1) ?? { version: 0 };
  await hub.handle({
    ...{ runId, actor: { type: 'user', id: 'tester' }, causationId: 'fork', requestId: 'fork' },
    order: {
      ...{ type: 'ForkRun', requestId: 'fork', runId, from: { runId: old, version }, labels: {} },
      cut: { state: await stateOf(old), version, isTornDown: false },
    },
  });
  const [forked] = await fixture.events(runId);
  expect(forked).toMatchObject({ type: 'RunForked', schemaVersion: 9 });
  expect(forked?.dataText).not.toContain('StartAt');
  expect((await stateOf(runId)).document).toEqual((await stateOf(old)).document);
  await hub.handle(fixture.answer(commandIdOf(old, 2)));
  expect(await stateOf(old)).toMatchObject({ status: 'succeeded' });
  expect(await verifyLog(fixture.pool)).toMatchObject({ verified: true });
});
