import { randomUUID } from 'node:crypto';
import { createCatalog } from '@baton/catalog';
import {
  BUNDLE,
  commandIdOf,
  type JsonObject,
  laneResultsQueue,
  ONLY_SHARD,
  PROTOCOL_VERSION,
  resultJobId,
  resultsQueue,
} from '@baton/contracts';
import { listDeadLetters, type NonceOf, readNonces, recordDeadLetter, type StoredDeadLetter } from '@baton/event-store';
import { BullMqServer, createQueueService } from '@baton/messaging';
import type { WorkflowDocument } from '@baton/workflow';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { Hub } from '../hub/hub.js';
import { orchestratorModule } from '../orchestrator.module.js';
import { servedQueues } from '../queues.js';
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

/** A message as it comes to a queue of results. */
interface Answer {
  readonly jobId: string;
  readonly name: string;
  readonly data: JsonObject;
}

interface Given {
  readonly runId: string;
  readonly nonceOf: NonceOf;
}

/** As the worker that has the task would answer its command, at its first dispatch. */
function answerTo({ runId, nonceOf }: Given, ordinal: number, change: JsonObject = {}): Answer {
  const commandId = commandIdOf(runId, ordinal);
  const data = {
    v: PROTOCOL_VERSION,
    id: randomUUID(),
    runId,
    commandId,
    step: 0,
    dispatchNo: 0,
    output: 'bad',
    ...change,
  };
  return { jobId: resultJobId(commandId, 0, nonceOf(commandId, 0)), name: 'succeeded', data };
}

interface Row {
  /** What a worker does. */
  readonly does: string;
  /** How far the run is by then. */
  readonly when?: 'failed and tried again' | 'answered' | 'timed out';
  readonly send: (given: Given) => Answer;
  readonly reason: RegExp;
  /** Nothing is to be done about it. */
  readonly isRefused?: true;
}

const ROWS: readonly Row[] = [
  {
    does: 'answers for a run of which the command is not',
    send: (given) => {
      const { data, ...job } = answerTo({ ...given, runId: randomUUID() }, 1);
      return { ...job, data: { ...data, runId: given.runId } };
    },
    reason: /^foreign-command: /,
  },
  {
    does: 'answers for another run than it was given a task of',
    send: (given) => ({ ...answerTo(given, 1), jobId: answerTo({ ...given, runId: randomUUID() }, 1).jobId }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers for a task of which it knows no more than the name',
    send: (given) => ({ ...answerTo(given, 1), jobId: resultJobId(commandIdOf(given.runId, 1), 0) }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers for a lane that it makes up',
    send: (given) => ({
      ...answerTo(given, 1, { lane: 15, replyTo: laneResultsQueue(15) }),
      jobId: `r-${randomUUID()}`,
    }),
    reason: /^unproven-answer: /,
  },
  {
    does: 'answers an older attempt',
    when: 'failed and tried again',
    send: (given) => answerTo(given, 1),
    reason: /^answered: /,
    isRefused: true,
  },
  {
    does: 'answers twice',
    when: 'answered',
    send: (given) => answerTo(given, 1),
    reason: /^answered: /,
    isRefused: true,
  },
  {
    does: 'answers after the deadline',
    when: 'timed out',
    send: (given) => answerTo(given, 1),
    reason: /^time-up: /,
    isRefused: true,
  },
  {
    does: 'answers with something of another kind',
    send: (given) => ({ ...answerTo(given, 1), name: 'task' }),
    reason: /^unknown-message: /,
  },
  {
    does: 'answers with neither an output nor an error',
    send: (given) => {
      const { data, ...job } = answerTo(given, 1);
      const { output: _, ...rest } = data;
      return { ...job, data: rest };
    },
    reason: /^undecodable-message: /,
  },
  {
    does: 'answers with megabytes',
    send: (given) => answerTo(given, 1, { output: 'x'.repeat(LARGE) }),
    reason: /^message-too-large: /,
  },
  {
    does: 'answers in a version of the protocol that is not the one of the hub',
    send: (given) => answerTo(given, 1, { v: PROTOCOL_VERSION + 1 }),
    reason: /^undecodable-message: /,
  },
];

/** Two tasks, of which the first is tried again, and has a second where it is to run into that. */
const workflowOn = (kind: string, when: Row['when']): WorkflowDocument => ({
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
          : { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 600 }] }),
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

async function bringTo(fixture: HubFixture, hub: Hub, runId: string, when: Row['when']): Promise<void> {
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
      const begin = async (when: Row['when']): Promise<string> => {
        const runId = randomUUID();
        await hub.handle(fixture.start(runId, `start ${runId}`, workflowOn(fixture.kind, when)));
        return runId;
      };
      const cases = await Promise.all(
        DOORS.flatMap((door) =>
          FORMS.flatMap((form) =>
            ROWS.map(async (row) => ({ door, form, row, runId: await begin(row.when), other: await begin(undefined) })),
          ),
        ),
      );
      await Promise.all(cases.map(({ row, runId }) => bringTo(fixture, hub, runId, row.when)));
      const before = new Map<string, number>();
      for (const { runId } of cases) before.set(runId, (await fixture.events(runId)).length);

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
