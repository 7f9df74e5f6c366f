import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWorkflowDocument } from '../../checks/parse-workflow-document.js';
import { documentOf, type Scenario, scenario, task, typesOf } from '../../testing/scenario.js';

const SHA256 = 'c'.repeat(64);
const reader: JsonObject = {
  Resource: 'baton:workspace',
  Arguments: { Tree: '{% $states.input.tree %}', Path: 'a.csv' },
  ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItems: '{% 7 %}' },
};
const writer: JsonObject = { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'p' } };
const mapOf = (over: JsonObject = {}, inner: JsonObject = task()) =>
  documentOf({
    Each: {
      Type: 'Map',
      ItemReader: reader,
      ItemProcessor: { StartAt: 'Work', States: { Work: inner } },
      ...(over.Next === undefined ? { End: true } : {}),
      ...over,
    },
    ...(over.Next === undefined ? {} : { Done: { Type: 'Pass', Output: '{% $states.input %}', End: true } }),
  });

const read = (run: Scenario, count: number, pages: number) =>
  run.succeed('Each', { sha256: SHA256, count, pages, bytes: 1 });
const argumentsOf = (run: Scenario, state: string): Json => {
  const { message } = run.commandOf(state);
  return JSON.parse(JSON.stringify(message.arguments));
};

describe('a Map that reads its items', () => {
  test('asks a worker, and goes through them page by page', async () => {
    const run = scenario(mapOf({ Next: 'Done' }));
    await run.start({ tree: 't' });
    expect(run.commandOf('Each')).toMatchObject({ queue: 'worker-map-items', name: 'task' });
    expect(argumentsOf(run, 'Each')).toEqual({
      do: 'read',
      resource: 'baton:workspace',
      arguments: { Tree: 't', Path: 'a.csv' },
      config: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', MaxItems: 7 },
    });
    await read(run, 3, 2);
    expect(argumentsOf(run, 'Each')).toEqual({ do: 'page', items: SHA256, page: 0 });
    await run.succeed('Each', ['a', 'b']);
    expect(run.open().map(({ message }) => message.arguments)).toEqual([
      { do: 'page', items: SHA256, page: 1 },
      'a',
      'b',
    ]);
    await run.succeed('Work', 'A');
    await run.succeed('Each', ['c']);
    await run.succeed('Work', 'B');
    await run.succeed('Work', 'C');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['A', 'B', 'C'] });
    // No event holds more of the items than a page of them.
    expect(run.eventsOf('MapStarted')).toMatchObject([{ data: { items: [], source: { sha256: SHA256, count: 3 } } }]);
  });

  test('runs no more at once than it may, and asks for a page only when there is room', async () => {
    const run = scenario(mapOf({ MaxConcurrency: 2 }));
    await run.start({ tree: 't' });
    await read(run, 5, 3);
    await run.succeed('Each', [0, 1]);
    expect(run.open()).toHaveLength(2);
    await run.succeed('Work', 'x');
    expect(
      run
        .open()
        .map(({ queue }) => queue)
        .sort(),
    ).toEqual(['worker-map-items', 'worker-planner']);
    await run.succeed('Work', 'x');
    expect(run.open()).toHaveLength(1);
    await run.succeed('Each', [2, 3]);
    for (let at = 0; at < 2; at += 1) await run.succeed('Work', 'x');
    await run.succeed('Each', [4]);
    await run.succeed('Work', 'y');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['x', 'x', 'x', 'x', 'y'] });
  });

  test('over nothing gives nothing', async () => {
    const run = scenario(mapOf());
    await run.start({ tree: 't' });
    await read(run, 0, 0);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: [] });
  });

  test('selects what each item gets, and the item stands in the context inside, also once its page is gone', async () => {
    const inner = task({ Arguments: '{% $states.context.Map.Item %}' });
    const two = scenario(
      documentOf({
        Each: {
          Type: 'Map',
          ItemReader: reader,
          ItemSelector: { n: '{% $states.context.Map.Item.Value.x %}' },
          ItemProcessor: { StartAt: 'First', States: { First: task({ Next: 'Then' }), Then: inner } },
          End: true,
        },
      }),
    );
    await two.start({ tree: 't' });
    await read(two, 2, 2);
    await two.succeed('Each', [{ x: 1 }]);
    await two.succeed('Each', [{ x: 2 }]);
    expect(two.open().map(({ message }) => message.arguments)).toEqual([{ n: 1 }, { n: 2 }]);
    await two.succeed('First');
    await two.succeed('First');
    expect(two.open().map(({ message }) => message.arguments)).toEqual([
      { Index: 0, Value: { x: 1 } },
      { Index: 1, Value: { x: 2 } },
    ]);
  });

  test('makes batches of what a page has', async () => {
    const run = scenario(
      mapOf({ ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { of: '{% $states.input.tree %}' } } }),
    );
    await run.start({ tree: 't' });
    expect(argumentsOf(run, 'Each')).toMatchObject({ batch: 2 });
    await read(run, 5, 2);
    await run.succeed('Each', [1, 2, 3, 4]);
    await run.succeed('Each', [5]);
    expect(run.open().map(({ message }) => message.arguments)).toEqual([
      { BatchInput: { of: 't' }, Items: [1, 2] },
      { BatchInput: { of: 't' }, Items: [3, 4] },
      { BatchInput: { of: 't' }, Items: [5] },
    ]);
    expect(run.eventsOf('FrameStarted').map(({ data }) => data.items)).toEqual([undefined, 2, 2, 1]);
  });

  test('bears as many failed items as it was asked to, and counts those of a batch', async () => {
    const run = scenario(mapOf({ ItemBatcher: { MaxItemsPerBatch: 2 }, ToleratedFailurePercentage: 50 }));
    await run.start({ tree: 't' });
    await read(run, 4, 1);
    await run.succeed('Each', [1, 2, 3, 4]);
    await run.fail('Work', 'Bad');
    expect(run.state()).toMatchObject({ status: 'running' });
    await run.fail('Work', 'Bad');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.ExceedToleratedFailureThreshold' });
  });

  test('gives up the page that it waits for when an item fails', async () => {
    const run = scenario(mapOf({ Next: 'Done', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }] }));
    await run.start({ tree: 't' });
    await read(run, 4, 2);
    await run.succeed('Each', [1, 2]);
    expect(typesOf(await run.fail('Work', 'Bad'))).toContain('CommandCancelled');
    expect(run.open()).toEqual([]);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'Bad' } });
  });

  test('fails with the name that the language has for it, whatever the worker says, and is retried as a whole', async () => {
    const Retry = [{ ErrorEquals: ['States.ItemReaderFailed'], MaxAttempts: 1 }];
    const run = scenario(mapOf({ Retry }));
    await run.start({ tree: 't' });
    await run.fail('Each', 'States.ItemReaderFailed', 'the object is not there');
    await run.expire('Each');
    await read(run, 2, 1);
    await run.fail('Each', 'Oops', 'no');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.ItemReaderFailed', cause: 'Oops: no' });
  });

  test.each<[string, Json]>([
    ['no list of pages', { count: 1 }],
    ['an empty page', null],
  ])('fails where it is told %s', async (_, told) => {
    const run = scenario(mapOf());
    await run.start({ tree: 't' });
    if (told === null) {
      await read(run, 1, 1);
      await run.succeed('Each', []);
    } else await run.succeed('Each', told);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.ItemReaderFailed' });
  });

  test('takes a page while the run is paused, and begins its items when it is resumed', async () => {
    const run = scenario(mapOf());
    await run.start({ tree: 't' });
    await read(run, 1, 1);
    await run.pause();
    expect(typesOf(await run.succeed('Each', ['a']))).toEqual(['TaskSucceeded']);
    await run.resume();
    await run.succeed('Work', 'A');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['A'] });
  });
});

describe('a Map that writes its results', () => {
  test('has a worker write them, those of read items and of others, and gives where they are', async () => {
    const run = scenario(mapOf({ ResultWriter: writer, ToleratedFailureCount: 1 }));
    await run.start({ tree: 't' });
    await read(run, 2, 1);
    await run.succeed('Each', ['a', 'b']);
    await run.fail('Work', 'Bad');
    await run.succeed('Work', 'B');
    const args = argumentsOf(run, 'Each');
    expect(args).toMatchObject({
      ...{ do: 'write', resource: writer.Resource, arguments: { Bucket: 'b', Prefix: 'p' }, items: SHA256 },
      ...{ succeeded: [{ index: 1, output: 'B' }], failed: [0] },
    });
    await run.succeed('Each', { Bucket: 'b', Key: 'p/manifest.json' });
    expect(run.state()).toMatchObject({
      status: 'succeeded',
      output: {
        MapRunArn: expect.stringContaining(':'),
        ResultWriterDetails: { Bucket: 'b', Key: 'p/manifest.json' },
      },
    });
  });

  test('of items in the data of the state, too', async () => {
    const inner = { StartAt: 'Work', States: { Work: { Type: 'Pass', End: true } } };
    const run = scenario(
      documentOf({ Each: { Type: 'Map', Items: [1, 2], ItemProcessor: inner, ResultWriter: writer, End: true } }),
    );
    await run.start({ tree: 't' });
    expect(argumentsOf(run, 'Each')).toMatchObject({
      succeeded: [
        { index: 0, output: 1 },
        { index: 1, output: 2 },
      ],
    });
    await run.fail('Each', 'Oops', 'no', false);
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.ResultWriterFailed' });
  });

  test('nowhere may still have the lists among them as one', async () => {
    const inner = { StartAt: 'Work', States: { Work: { Type: 'Pass', End: true } } };
    const ResultWriter = { WriterConfig: { Transformation: 'FLATTEN' } };
    const run = scenario(
      documentOf({ Each: { Type: 'Map', Items: [[1], [2, 3], 4], ItemProcessor: inner, ResultWriter, End: true } }),
    );
    await run.start({ tree: 't' });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: [1, 2, 3, 4] });
  });
});

test('however pages and ends of items come, each item is begun once, and the outputs are in their order', async () => {
  const plan = fc.record({
    pages: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }),
    MaxConcurrency: fc.integer({ min: 0, max: 3 }),
    picks: fc.infiniteStream(fc.nat()),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ pages, MaxConcurrency, picks }) => {
      const run = scenario(mapOf({ MaxConcurrency }), false);
      await run.start({ tree: 't' });
      const count = pages.reduce((sum, size) => sum + size, 0);
      await read(run, count, pages.length);
      let next = 0;
      for (let page = 0; run.open().length > 0; ) {
        const open = run.open();
        const { commandId, queue, message } = open[(picks.next().value ?? 0) % open.length] ?? { commandId: '' };
        const items = Array.from({ length: pages[page] ?? 0 }, (_, at) => next + at);
        const output = queue === 'worker-map-items' ? items : JSON.parse(JSON.stringify(message?.arguments ?? null));
        if (queue === 'worker-map-items') {
          page += 1;
          next += items.length;
        }
        await run.when({ type: 'CompleteTask', commandId, output });
      }
      run.checkLog();
      const output = Array.from({ length: count }, (_, at) => at);
      expect(run.state()).toMatchObject({ status: 'succeeded', output });
    }),
    { numRuns: 60 },
  );
});

test('a resource that nobody reads from is told where it stands', () => {
  const definition = {
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        ItemReader: { Resource: 'arn:aws:states:::dynamodb:scan', ReaderConfig: { InputType: 'JSON' } },
        ItemProcessor: { StartAt: 'B', States: { B: { Type: 'Pass', End: true } } },
        ResultWriter: { Resource: 'arn:aws:states:::s3:getObject' },
        End: true,
      },
    },
  };
  const { findings } = parseWorkflowDocument({ name: 'x', version: '1.0.0', title: 'X', definition });
  expect(findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
    'unknown-resource /definition/States/Each/ItemReader/Resource',
    'unknown-resource /definition/States/Each/ResultWriter/Resource',
  ]);
});
