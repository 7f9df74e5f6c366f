import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import { BUNDLE, commandIdOf, laneResultsQueue, ONLY_SHARD, PROTOCOL_VERSION, resultsQueue } from '@baton/contracts';
import { listDeadLetters, readNonces, recordDeadLetter, type StoredDeadLetter } from '@baton/event-store';
import { BullMqServer, createQueueService } from '@baton/queue-service';
import type { WorkflowDocument } from '@baton/workflow';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { Hub } from '../hub/hub.js';
import { orchestratorModule } from '../orchestrator.module.js';
import { servedQueues } from '../queues.js';
import { type Answer, answerTo, type BadAnswer, badAnswers } from '../testing/bad-answers.js';
import { HubFixture } from '../testing/hub-fixture.js';
import { NO_CAPS } from '../testing/no-caps.js';

/*
 * What a worker may answer that it should not. Whatever it is, by whatever door and in whatever form: it is put aside with the
 * reason, where an operator sees it, and no run changes.
 */

const SERVERS = [
  ['Postgres', null],
  ['Redis', inject('redisUrl')],
] as const;
const LARGE = inject('effort') === 'long' ? 50 * 1024 * 1024 : 2 * 1024 * 1024;

/** Two tasks, of which the first is tried again, and has a second where it is to run into that. */
const workflowOn = (kind: string, when: BadAnswer['when']): WorkflowDocument => ({
  name: 'answered-badly',
  version: '1.0.0',
  title: 'Answered badly',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'A',
    States: {
      A: {
        Type: 'Task',
        Resource: `baton:worker:${kind}`,
        ...(when === 'timed out'
          ? { TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }
          : { HeartbeatSeconds: 600, Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 600 }] }),
        Next: 'B',
      },
      B: { Type: 'Task', Resource: `baton:worker:${kind}`, End: true },
    },
  },
});

/** A hub with everything that takes messages, as an orchestrator has it. */
async function startServing(fixture: HubFixture): Promise<Hub> {
  const { pool, messaging } = fixture;
  const hub = await fixture.startHub();
  const deadLetter = (letter: Parameters<typeof recordDeadLetter>[1]) => recordDeadLetter(pool, letter);
  const server = new BullMqServer({ messaging, queues: servedQueues(4), deadLetter, stopTimeoutMs: 1_000 });
  const root = orchestratorModule({
    hub,
    catalog: createCatalog([]),
    pool,
    shard: ONLY_SHARD,
    isSignedOnly: false,
    line: NO_CAPS,
  });
  const service = await createQueueService(root, server, { logger: false });
  onTestFinished(() => service.close());
  await service.listen();
  server.wake(laneResultsQueue(hub.lane));
  await server.whenReady();
  return hub;
}

async function bringTo(fixture: HubFixture, hub: Hub, runId: string, when: BadAnswer['when']): Promise<void> {
  const last = async () => (await fixture.events(runId)).map(({ type }) => type);
  const commandId = commandIdOf(runId, 1);
  if (when === 'answered') await hub.handle(fixture.answer(commandId));
  if (when === 'failed and tried again') {
    const failed = { type: 'FailTask', commandId, error: 'E', cause: 'c', retryable: true } as const;
    await hub.handle({ ...fixture.answer(commandId), order: failed });
  }
  if (when === 'timed out')
    await vi.waitFor(async () => expect(await last()).toContain('TaskTimedOut'), { timeout: 20_000, interval: 50 });
}

const DOORS = ["BullMQ's door", 'the own door'] as const;
const FORMS = ['single', 'in a bundle'] as const;

/** By the way that a sender takes who does not look at what it sends. */
async function put(
  { messaging }: HubFixture,
  hub: Hub,
  runId: string,
  door: (typeof DOORS)[number],
  { jobId, name, data }: Answer,
) {
  if (door === "BullMQ's door") {
    await (await messaging.queue(resultsQueue(runId))).add(name, data, { jobId });
    return;
  }
  const message = { jobId, name, data: JSON.stringify(data), priority: 0, delayMs: 0 };
  await messaging.backend.put(laneResultsQueue(hub.lane), [message]);
}

/** From when on the workers of these runs count as silent. */
async function silences({ pool }: HubFixture, runs: readonly string[]): Promise<readonly unknown[]> {
  const { rows } = await pool.query(
    `select command_id, heartbeat_deadline from baton.command
      where heartbeat_deadline is not null and run_id = any($1) order by command_id`,
    [runs],
  );
  return rows;
}

const bundleOf = (...answers: readonly Answer[]): Answer => ({
  jobId: `b-${randomUUID()}`,
  name: BUNDLE,
  data: { v: PROTOCOL_VERSION, messages: answers.map(({ name, data, jobId }) => ({ name, data, jobId })) },
});

describe.each(SERVERS)('on %s', (name, redisUrl) => {
  test.skipIf(name === 'Redis' && redisUrl === null)(
    'what a worker should not answer is put aside with the reason, and changes no run',
    async () => {
      const fixture = await HubFixture.open(inject('postgresUrl'), redisUrl);
      onTestFinished(() => fixture.close());
      const hub = await startServing(fixture);
      const nonceOf = await readNonces(fixture.pool);
      const begin = async (when: BadAnswer['when']): Promise<string> => {
        const runId = randomUUID();
        await hub.handle(fixture.start(runId, `start ${runId}`, workflowOn(fixture.kind, when)));
        return runId;
      };
      const cases = await Promise.all(
        DOORS.flatMap((door) =>
          FORMS.flatMap((form) =>
            badAnswers(LARGE).map(async (row) => ({
              door,
              form,
              row,
              runId: await begin(row.when),
              other: await begin(undefined),
            })),
          ),
        ),
      );
      await Promise.all(cases.map(({ row, runId }) => bringTo(fixture, hub, runId, row.when)));
      const before = new Map<string, number>();
      for (const { runId } of cases) before.set(runId, (await fixture.events(runId)).length);
      const runs = cases.map(({ runId }) => runId);
      const silentFrom = await silences(fixture, runs);

      for (const { door, form, row, runId, other } of cases) {
        const bad = row.send({ runId, nonceOf });
        const good = answerTo({ runId: other, nonceOf }, 1);
        if (form === 'single') for (const answer of [bad, good]) await put(fixture, hub, runId, door, answer);
        else await put(fixture, hub, runId, door, bundleOf(bad, good));
      }

      const byRun = async (): Promise<ReadonlyMap<string | undefined, StoredDeadLetter>> =>
        new Map((await listDeadLetters(fixture.pool, { limit: 1_000 })).map((letter) => [letter.runId, letter]));
      const what = ({ row, door, form }: (typeof cases)[number]) => `${row.does}, ${form}, by ${door}`;
      await vi.waitFor(
        async () => {
          const letters = await byRun();
          const seen = cases.map((each) => [what(each), letters.get(each.runId)?.reason ?? 'nothing'] as const);
          const wanted = cases.map((each) => [what(each), expect.stringMatching(each.row.reason)] as const);
          expect(seen).toEqual(wanted);
        },
        { timeout: 30_000, interval: 200 },
      );
      const letters = await byRun();
      for (const each of cases) {
        expect(letters.get(each.runId)?.isRefused, what(each)).toBe(each.row.isRefused);
        expect((await fixture.events(each.runId)).length, what(each)).toBe(before.get(each.runId));
      }
      expect(await silences(fixture, runs)).toEqual(silentFrom);
      // What came with it was taken.
      for (const each of cases) {
        const types = async () => (await fixture.events(each.other)).map(({ type }) => type);
        await vi.waitFor(async () => expect(await types(), what(each)).toContain('TaskSucceeded'), 10_000);
      }
      const open = await listDeadLetters(fixture.pool, { limit: 1_000, status: 'open' });
      expect(open.filter(({ isRefused }) => isRefused)).toEqual([]);
    },
    60_000,
  );
});
