import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  laneResultsQueue,
  resultMessages,
  resultsQueue,
  type Task,
  TaskSucceeded,
  WorkerAnnouncement,
  workerMessages,
  workerQueue,
} from '@baton/contracts';
import { announceWorker } from '@baton/event-store';
import { consume } from '@baton/messaging';
import { quickTiming } from '@baton/messaging/testing';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { success } from '../results/results.js';
import { answerOf } from '../testing/answer.js';
import { HubFixture } from '../testing/hub-fixture.js';
import type { Hub } from './hub.js';

const Succeeded = z.object({ commandId: z.string(), output: z.object({ by: z.string() }) });

const TASKS = 6;
const HANDED_IN = 2;

const DOORS = [
  { server: 'Postgres', redisUrl: null, hasOwnDoor: false },
  { server: 'Postgres', redisUrl: null, hasOwnDoor: true },
  { server: 'Redis', redisUrl: inject('redisUrl'), hasOwnDoor: false },
  { server: 'Redis', redisUrl: inject('redisUrl'), hasOwnDoor: true },
] as const;

/** Tasks that are ready at the same moment. */
const manyOn = (kind: string) => ({
  name: 'many-tasks',
  version: '1.0.0',
  title: 'Many tasks',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Items: Array.from({ length: TASKS }, (_, n) => n),
        ItemProcessor: {
          StartAt: 'Item',
          States: { Item: { Type: 'Task', Resource: `baton:worker:${kind}`, End: true } },
        },
        End: true,
      },
    },
  },
});

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A worker in a process of its own, which is killed with SIGKILL once it has handed in what it may. */
async function dieHalfDone(fixture: HubFixture): Promise<void> {
  const settings = { config: fixture.config, queue: workerQueue(fixture.kind), answers: HANDED_IN, lockMs: 1_000 };
  const child = spawn(
    process.execPath,
    [
      '--conditions=@baton/source',
      '--disable-warning=ExperimentalWarning',
      `--import=${here('../../../../scripts/testing/run-source.mjs')}`,
      here('../testing/half-done-worker.ts'),
      JSON.stringify(settings),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  try {
    const ended = exited.then(() => Promise.reject(new Error('the worker ended before it handed anything in')));
    expect(await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])).toEqual([
      `${HANDED_IN} handed in`,
    ]);
  } finally {
    child.kill('SIGKILL');
    await exited.catch(() => {});
  }
}

/** Takes results as the orchestrator does; gives the command ids of all that came, again and again those that came again. */
function takeResults(fixture: HubFixture, hub: Hub, queues: readonly string[]): readonly string[] {
  const came: string[] = [];
  for (const queue of queues) {
    const consumer = consume(fixture.messaging, {
      queue,
      messages: resultMessages,
      concurrency: 10,
      deadLetter: async (letter) => void came.push(letter.reason),
      handle: async ({ data }) => {
        const result = TaskSucceeded.parse(data);
        came.push(result.commandId);
        await hub.handle(await success(result, () => Promise.reject(new Error('no blobs'))));
      },
    });
    onTestFinished(() => consumer.stop(1_000));
  }
  return came;
}

function takeTasks(fixture: HubFixture): readonly Task[] {
  const taken: Task[] = [];
  const consumer = consume(fixture.messaging, {
    queue: workerQueue(fixture.kind),
    messages: workerMessages,
    concurrency: 2,
    timing: quickTiming,
    deadLetter: async () => {},
    handle: async ({ data: task }) => {
      taken.push(task);
      const { queue, job } = answerOf(task, { by: 'the next one' });
      await fixture.messaging.publish(queue, [job]);
    },
  });
  onTestFinished(() => consumer.stop(1_000));
  return taken;
}

describe.each(DOORS)(
  'a worker on $server that is killed with a bundle half done (own door: $hasOwnDoor)',
  ({ redisUrl, server, hasOwnDoor }) => {
    test.skipIf(server === 'Redis' && redisUrl === null)(
      'has what it handed in counted once, and the rest is done by another',
      async () => {
        const fixture = await HubFixture.open(inject('postgresUrl'), redisUrl);
        onTestFinished(() => fixture.close());
        const said = {
          v: 1,
          workerId: randomUUID(),
          kind: fixture.kind,
          host: 'h',
          pid: 1,
          concurrency: 1,
          bundle: 10,
          hasOwnDoor,
        };
        await announceWorker(fixture.pool, WorkerAnnouncement.parse(said));
        const hub = await fixture.startHub();
        const runId = randomUUID();
        const came = takeResults(fixture, hub, [laneResultsQueue(hub.lane), resultsQueue(runId)]);
        expect(await hub.handle(fixture.start(runId, `start ${runId}`, manyOn(fixture.kind)))).toBe('committed');
        await vi.waitFor(
          async () => expect(await fixture.messaging.counts(workerQueue(fixture.kind))).toMatchObject({ waiting: 1 }),
          5_000,
        );
        await dieHalfDone(fixture);

        const taken = takeTasks(fixture);
        await vi.waitFor(async () => expect((await fixture.events(runId)).at(-1)?.type).toBe('RunSucceeded'), {
          timeout: 20_000,
          interval: 50,
        });
        const done = (await fixture.events(runId)).flatMap(({ type, dataText }) =>
          type === 'TaskSucceeded' ? [Succeeded.parse(JSON.parse(dataText))] : [],
        );
        expect(done.map(({ commandId }) => commandId).toSorted()).toEqual([...new Set(came)].toSorted());
        expect(done).toHaveLength(TASKS);
        const byDead = done.filter(({ output }) => output.by === 'the one that died');
        expect(byDead).toHaveLength(HANDED_IN);
        // What was not handed in was done by the next one, whatever else it was given.
        for (const { commandId } of done.filter((each) => !byDead.includes(each)))
          expect(taken.map((task) => task.commandId)).toContain(commandId);
      },
    );
  },
);
