import { TaskSucceeded } from '@baton/contracts';
import { listDeadLetters } from '@baton/event-store';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type CreatedWorker, createWorker } from './create-worker.js';
import { WorkerFixture } from './testing/worker-fixture.js';

/* Two versions of a worker, of which the second one takes something else. */

const KIND = 'measure';
const First = z.object({ text: z.string() });
const Wider = First.extend({ language: z.string().optional() });
const Other = z.object({ texts: z.array(z.string()) });

let fixture: WorkerFixture;
beforeAll(async () => {
  fixture = await WorkerFixture.open(inject('postgresUrl'), KIND);
});
afterAll(() => fixture?.close());

const workers: CreatedWorker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
});

async function begin(version: string, input: z.ZodType): Promise<CreatedWorker> {
  const worker = await createWorker({
    ...{ kind: KIND, version, input, output: z.object({ by: z.string() }), handle: () => ({ by: version }) },
    env: { ...fixture.env, BATON_CONCURRENCY: '1', BATON_LOG: 'silent' },
  });
  workers.push(worker);
  return worker;
}

const refusals = async () =>
  (await listDeadLetters(fixture.pool, { limit: 10, status: 'refused' })).map(({ source, name, reason, message }) => ({
    ...{ source, name, reason },
    version: JSON.parse(message).version,
  }));

test('a worker that does not take what those take that are there does not begin, and operators see why', async () => {
  const first = await begin('1.0', First);
  const answer = async (body: object) => {
    const { name, data } = await fixture.resultOf(await fixture.send({ arguments: { text: 'a', ...body } }));
    expect(name).toBe('succeeded');
    return TaskSucceeded.parse(data).output;
  };
  // Twice: a supervisor starts it again and again.
  for (let starts = 0; starts < 2; starts += 1)
    await expect(begin('2.0', Other)).rejects.toMatchObject({
      code: 'worker-at-odds',
      message: expect.stringMatching(/version 2\.0, cannot work beside version 1\.0 .*\/texts is required/),
    });
  expect(await refusals()).toEqual([
    {
      ...{ source: `worker-${KIND}`, name: 'worker', version: '2.0' },
      reason: expect.stringMatching(/^worker-at-odds: .*version 2\.0.*\/texts is required/),
    },
  ]);
  expect(await answer({})).toEqual({ by: '1.0' });

  // One that takes more works beside it, as while an upgrade is under way, and alone after it.
  const wider = await begin('1.1', Wider);
  await first.stop(1_000);
  expect(await answer({ language: 'en' })).toEqual({ by: '1.1' });

  // Those that take no more tasks are in nobody's way.
  await wider.stop(1_000);
  await begin('2.0', Other);
  expect(await refusals()).toHaveLength(1);
}, 30_000);

test('one that was killed is in nobody’s way once it is taken for gone', async () => {
  const killed = await begin('1.0', First);
  await killed.stop(0);
  await fixture.pool.query(
    `update baton.worker set stopped_at = null, is_draining = false, seen_at = clock_timestamp() - interval '9 seconds'
      where kind = $1 and version = '1.0'`,
    [KIND],
  );
  await begin('2.0', Other);
}, 30_000);

test('a schema that cannot be read keeps nobody from beginning', async () => {
  await begin('1.0', First);
  await fixture.pool.query(
    `update baton.worker set input_schema = '{"required": ' where kind = $1 and version = '1.0' and stopped_at is null`,
    [KIND],
  );
  await begin('2.0', Other);
}, 30_000);

test('of two that begin at the same moment one begins', async () => {
  const begun = await Promise.allSettled([begin('1.0', First), begin('2.0', Other)]);
  expect(begun.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
}, 30_000);
