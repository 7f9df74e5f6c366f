import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { parseWorkflowDocument } from '../../checks/parse-workflow-document.js';
import { documentOf, scenario, task } from '../../testing/scenario.js';

const processor: JsonObject = { StartAt: 'Work', States: { Work: task() } };
const mapOf = (over: JsonObject = {}, next: JsonObject = {}) =>
  documentOf({
    Each: {
      Type: 'Map',
      Items: '{% $states.input.list %}',
      ItemProcessor: processor,
      ...(over.Next === undefined ? { End: true } : {}),
      ...over,
    },
    ...next,
  });
const list = (length: number) => ({ list: Array.from({ length }, (_, index) => index) });

describe('a Map', () => {
  test('gives the outputs in the order of the items, whichever ends first', async () => {
    const run = scenario(mapOf());
    await run.start(list(3));
    const commands = run.open().map(({ commandId }) => commandId);
    expect(commands).toHaveLength(3);
    for (const commandId of commands.toReversed()) {
      await run.when({ type: 'CompleteTask', commandId, output: commandId.slice(-1) });
    }
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['1', '2', '3'] });
  });

  test('may have its processor under the older name', async () => {
    const Each = { Type: 'Map', Items: [1, 2], Iterator: processor, End: true };
    const run = scenario(documentOf({ Each }));
    await run.start();
    await run.succeed('Work', 'a');
    await run.succeed('Work', 'b');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['a', 'b'] });
  });

  test('over nothing gives nothing', async () => {
    const run = scenario(mapOf());
    await run.start({ list: [] });
    expect(run.state()).toMatchObject({ status: 'succeeded', output: [] });
  });

  test('runs no more items at once than it may', async () => {
    const run = scenario(mapOf({ MaxConcurrency: '{% 1 + 1 %}' }));
    await run.start(list(5));
    for (let done = 0; done < 5; done += 1) {
      expect(run.open()).toHaveLength(Math.min(2, 5 - done));
      await run.succeed('Work', done);
    }
    expect(run.state()).toMatchObject({ status: 'succeeded', output: [0, 1, 2, 3, 4] });
  });

  test.each([0, 5_000])(
    'begins a thousand items of a long list at most, where it allows %i',
    async (MaxConcurrency) => {
      const run = scenario(mapOf({ MaxConcurrency }));
      await run.start(list(1_002));
      for (const open of [1_000, 1_000, 1_000, 999]) {
        const commands = run.open();
        expect(commands).toHaveLength(open);
        await run.when({ type: 'CompleteTask', commandId: commands[0]?.commandId ?? '', output: null });
      }
    },
  );

  test('selects what each item gets, and the item stands in the context inside', async () => {
    const inner = {
      StartAt: 'Work',
      States: { Work: task({ Arguments: { got: '{% $states.input %}', item: '{% $states.context.Map.Item %}' } }) },
    };
    const run = scenario(
      mapOf({ ItemSelector: { n: '{% $states.context.Map.Item.Value * 10 %}' }, ItemProcessor: inner }),
    );
    await run.start({ list: [7, 8] });
    expect(run.open().map(({ message }) => message.arguments)).toEqual([
      { got: { n: 70 }, item: { Index: 0, Value: 7 } },
      { got: { n: 80 }, item: { Index: 1, Value: 8 } },
    ]);
  });

  test('works through the members of an object, each with its name', async () => {
    const context = '{% $states.context.Map.Item %}';
    const inner = { StartAt: 'Work', States: { Work: task({ Arguments: { got: '{% $states.input %}', context } }) } };
    const Items = { a: 1, b: '{% $states.input.two %}' };
    const run = scenario(mapOf({ Items, ItemProcessor: inner }));
    await run.start({ two: 2 });
    expect(run.open().map(({ message }) => message.arguments)).toEqual([
      { got: { Key: 'a', Value: 1 }, context: { Index: 0, Key: 'a', Value: 1, Source: 'STATE_DATA' } },
      { got: { Key: 'b', Value: 2 }, context: { Index: 1, Key: 'b', Value: 2, Source: 'STATE_DATA' } },
    ]);
    const selected = scenario(mapOf({ Items, ItemSelector: { k: '{% $states.context.Map.Item.Key %}' } }));
    await selected.start({ two: 2 });
    expect(selected.open().map(({ message }) => message.arguments)).toEqual([{ k: 'a' }, { k: 'b' }]);
    const batched = scenario(mapOf({ Items, ItemBatcher: { MaxItemsPerBatch: 2 } }));
    await batched.start({ two: 2 });
    expect(batched.open().map(({ message }) => message.arguments)).toEqual([
      {
        Items: [
          { Key: 'a', Value: 1 },
          { Key: 'b', Value: 2 },
        ],
      },
    ]);
  });

  test('works through the members of an object that ItemsPath leads to', async () => {
    const Each = {
      Type: 'Map',
      ItemsPath: '$.members',
      ItemProcessor: processor,
      ItemSelector: { 'is.$': "States.Format('{}={}', $$.Map.Item.Key, $$.Map.Item.Value)" },
      End: true,
    };
    const run = scenario(documentOf({}, { definition: { StartAt: 'Each', States: { Each } } }));
    await run.start({ members: { a: 1, b: 2 } });
    expect(run.open().map(({ message }) => message.arguments)).toEqual([{ is: 'a=1' }, { is: 'b=2' }]);
  });

  test('hands out items in batches, by number and by size', async () => {
    const inputs = async (ItemBatcher: JsonObject) => {
      const run = scenario(mapOf({ ItemBatcher }));
      await run.start({ list: ['aaaa', 'bbbb', 'cccc'] });
      return run.open().map(({ message }) => message.arguments);
    };
    expect(await inputs({ MaxItemsPerBatch: 2, BatchInput: { k: '{% 1 %}' } })).toEqual([
      { BatchInput: { k: 1 }, Items: ['aaaa', 'bbbb'] },
      { BatchInput: { k: 1 }, Items: ['cccc'] },
    ]);
    expect(await inputs({ MaxInputBytesPerBatch: 14 })).toEqual([{ Items: ['aaaa', 'bbbb'] }, { Items: ['cccc'] }]);
  });

  test.each<[string, JsonObject, string]>([
    ['by an expression', { MaxItemsPerBatch: '{% 0 %}' }, 'States.QueryEvaluationError'],
    ['of no bytes', { MaxInputBytesPerBatch: '{% 0 %}' }, 'States.QueryEvaluationError'],
    ['by a path', { MaxItemsPerBatchPath: '$.none' }, 'States.Runtime'],
    ['of no bytes by a path', { MaxInputBytesPerBatchPath: '$.none' }, 'States.Runtime'],
  ])('makes no batches of nothing: %s', async (_what, ItemBatcher, error) => {
    const isPath = error === 'States.Runtime';
    const language = isPath ? { ItemsPath: '$.list' } : { QueryLanguage: 'JSONata', Items: '{% $states.input.list %}' };
    const Each = { Type: 'Map', ...language, ItemBatcher, ItemProcessor: processor, End: true };
    const run = scenario(documentOf({}, { definition: { StartAt: 'Each', States: { Each } } }));
    await run.start({ list: [1, 2], none: 0 });
    expect(run.state()).toMatchObject({
      status: 'failed',
      error,
      cause: expect.stringContaining('a whole number from 1'),
    });
  });

  test('fails with its first failed item and gives up the others', async () => {
    const run = scenario(mapOf());
    await run.start(list(3));
    await run.fail('Work', 'Weather', 'rain');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Weather', cause: 'rain' });
    expect(run.open()).toEqual([]);
  });

  test('begins anew when it is retried', async () => {
    const run = scenario(mapOf({ Retry: [{ ErrorEquals: ['Weather'] }] }));
    await run.start(list(2));
    await run.succeed('Work', 'lost');
    await run.fail('Work', 'Weather');
    await run.expire('Each');
    await run.succeed('Work', 'a');
    await run.succeed('Work', 'b');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['a', 'b'] });
  });

  test('bears as many failed items as it tolerates, and leaves them out of its output', async () => {
    const run = scenario(mapOf({ ToleratedFailureCount: 1 }));
    await run.start(list(3));
    await run.fail('Work', 'Weather');
    await run.succeed('Work', 'b');
    await run.succeed('Work', 'c');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['b', 'c'] });
  });

  test('fails for the tolerance that is exceeded, and that can be caught', async () => {
    const Catch = [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'Caught' }];
    const document = mapOf(
      { ToleratedFailurePercentage: 40, Next: 'Caught', Catch },
      { Caught: { Type: 'Succeed', Output: '{% $states.input.Error %}' } },
    );
    const run = scenario(document);
    await run.start(list(3));
    await run.fail('Work', 'Weather');
    expect(run.state()).toMatchObject({ status: 'running' });
    await run.fail('Work', 'Weather');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: 'States.ExceedToleratedFailureThreshold' });
  });

  test('may tolerate that every item fails', async () => {
    const run = scenario(mapOf({ ToleratedFailurePercentage: 100, MaxConcurrency: 1 }));
    await run.start(list(2));
    await run.fail('Work', 'Weather');
    await run.fail('Work', 'Weather');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: [] });
  });

  test.each([
    ['Items', '{% "text" %}', 'must be an array'],
    ['MaxConcurrency', '{% -1 %}', 'a whole number from 0'],
    ['ToleratedFailurePercentage', '{% 101 %}', 'from 0 to 100'],
    ['ItemSelector', '{% $nope %}', 'returned nothing'],
  ])('fails where %s is %s', async (field, value, part) => {
    const run = scenario(mapOf({ [field]: value }));
    await run.start(list(2));
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(part),
    });
  });

  test('stands inside a Map inside a Parallel', async () => {
    const States = { Inner: { Type: 'Map', Items: '{% $states.input %}', ItemProcessor: processor, End: true } };
    const branch = {
      StartAt: 'Outer',
      States: { Outer: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: { StartAt: 'Inner', States }, End: true } },
    };
    const run = scenario(
      documentOf({ P: { Type: 'Parallel', Arguments: [[1, 2], [3]], Branches: [branch], End: true } }),
    );
    await run.start();
    for (const output of ['a', 'b', 'c']) await run.succeed('Work', output);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: [[['a', 'b'], ['c']]] });
  });

  test('over ten thousand items costs each result the same', async () => {
    const run = scenario(
      mapOf({ MaxConcurrency: 10, ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } } }),
      false,
    );
    await run.start(list(10_000));
    const { output } = { output: null, ...run.state() };
    expect(output).toHaveLength(10_000);
  });
});

test('a Map whose processor cannot run is refused', () => {
  const States = { Each: { Type: 'Map', ItemProcessor: { StartAt: 'X', States: {} }, End: true } };
  const parsed = parseWorkflowDocument({
    name: 'test',
    version: '1.0.0',
    title: 'Test',
    definition: { QueryLanguage: 'JSONata', StartAt: 'Each', States },
  });
  expect(parsed.findings).toMatchObject([{ pointer: '/definition/States/Each/ItemProcessor/States' }]);
});
