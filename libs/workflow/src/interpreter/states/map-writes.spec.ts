import type { Json, JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task, typesOf } from '../../testing/scenario.js';

/* What a Map that reads and writes asks for, and what it does where the results cannot be written. */

const SHA256 = 'c'.repeat(64);
const Resource = 'arn:aws:states:::s3:putObject';
const mapOf = (over: JsonObject = {}) =>
  documentOf({
    Each: {
      Type: 'Map',
      ItemReader: {
        Resource: 'baton:blob',
        Arguments: { Sha256: SHA256 },
        ReaderConfig: { InputType: 'JSONL' },
      },
      ItemProcessor: { StartAt: 'Work', States: { Work: task() } },
      ResultWriter: { Resource, Arguments: { Bucket: '{% $states.input.bucket %}' } },
      End: true,
      ...over,
    },
  });
const asked = (run: Scenario): Json => JSON.parse(JSON.stringify(run.commandOf('Each').message.arguments));
const attemptsOf = (run: Scenario) =>
  run.eventsOf('TaskScheduled').flatMap(({ data }) => (data.resource.endsWith('map-items') ? [data.attempt] : []));

async function begun(over: JsonObject, items: readonly Json[]): Promise<Scenario> {
  const run = scenario(mapOf(over));
  await run.start({ bucket: 'b' });
  await run.succeed('Each', { sha256: SHA256, count: items.length, pages: 1 });
  await run.succeed('Each', items);
  return run;
}

test('where the results are to go is told to whoever reads, and it is said at once where they cannot', async () => {
  const run = scenario(mapOf());
  await run.start({ bucket: 'b' });
  expect(asked(run)).toMatchObject({ do: 'read', writer: { resource: Resource, arguments: { Bucket: 'b' } } });
  await run.fail('Each', 'States.ResultWriterFailed', 'the bucket is not opened', false);
  expect(run.state()).toMatchObject({
    ...{ status: 'failed', error: 'States.ResultWriterFailed', cause: 'the bucket is not opened' },
  });
});

test('a page and the writing belong to the attempt that the state is in', async () => {
  const run = await begun({ Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1, IntervalSeconds: 1 }] }, ['a']);
  await run.fail('Work', 'Bad');
  await run.expire('Each');
  await run.succeed('Each', { sha256: SHA256, count: 1, pages: 1 });
  await run.succeed('Each', ['a']);
  await run.succeed('Work', 'A');
  expect(attemptsOf(run)).toEqual([1, 1, 2, 2, 2]);
});

test('batches that bytes bound are no promise to whoever reads', async () => {
  const run = scenario(mapOf({ ItemBatcher: { MaxItemsPerBatch: 10_000, MaxInputBytesPerBatch: 100 } }));
  await run.start({ bucket: 'b' });
  expect(asked(run)).not.toHaveProperty('batch');
});

test('personal data that no message can hold fails the writing with a sentence, and no retry', async () => {
  const Retry = [{ ErrorEquals: ['States.ALL'] }];
  const run = await begun({ Retry }, ['a', 'b', 'c']);
  const output = { $sealed: { key: 'k', run: 'r', box: 'x'.repeat(30_000) } };
  await run.succeed('Work', output);
  // As soon as it is seen: what else runs is given up.
  expect(typesOf(await run.succeed('Work', output))).toContain('CommandCancelled');
  expect(run.open()).toEqual([]);
  expect(run.state()).toMatchObject({
    ...{ status: 'failed', error: 'States.ResultWriterFailed', cause: expect.stringContaining('personal data') },
  });
});

test('a run that failed while it wrote repeats nothing but the writing when it is retried', async () => {
  const run = await begun({}, ['a', 'b']);
  await run.succeed('Work', 'A');
  await run.succeed('Work', 'B');
  const first = asked(run);
  await run.fail('Each', 'States.ResultWriterFailed', 'the storage does not answer');
  expect(run.state()).toMatchObject({ status: 'failed' });
  await run.retry();
  expect(run.open()).toHaveLength(1);
  expect(asked(run)).toEqual(first);
  await run.succeed('Each', { Bucket: 'b', Key: 'k' });
  expect(run.state()).toMatchObject({ status: 'succeeded' });
});
