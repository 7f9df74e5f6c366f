import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task } from '../testing/scenario.js';

const chain = (length: number): JsonObject =>
  Object.fromEntries(
    Array.from({ length }, (_, at) => [
      `S${at}`,
      { Type: 'Pass', ...(at < length - 1 ? { Next: `S${at + 1}` } : { End: true }) },
    ]),
  );

const mapOf = (items: number, states: JsonObject, start: string, over: JsonObject = {}): JsonObject => ({
  Type: 'Map',
  Items: `{% [1..${items}] %}`,
  ItemProcessor: { StartAt: start, States: states },
  End: true,
  ...over,
});

const leftOf = (run: Scenario): string => {
  const state = run.state();
  const commandId = state.status === 'running' ? state.unfinished?.commandId : undefined;
  if (commandId === undefined) throw new Error('nothing is left to go on with');
  return commandId;
};

const goOn = (run: Scenario) => run.when({ type: 'ExpireCommand', commandId: leftOf(run) });

const long = documentOf({ A: mapOf(400, chain(5), 'S0', { MaxConcurrency: 40 }) });

describe('a run that has much to do at once', () => {
  test('does it in several turns, none of which is long', async () => {
    const run = scenario(long, false, {}, false);
    let turns = 1;
    let longest = (await run.start()).length;
    while (run.state().status === 'running') {
      longest = Math.max(longest, (await goOn(run)).length);
      turns += 1;
    }
    expect(run.state()).toMatchObject({ status: 'succeeded', output: Array.from({ length: 400 }, (_, at) => at + 1) });
    expect(turns).toBeGreaterThan(2);
    expect(longest).toBeLessThan(2_500);
    run.checkLog();
  });

  test('goes on once for each time it was left, however often it is told', async () => {
    const run = scenario(long, true, {}, false);
    await run.start();
    const commandId = leftOf(run);
    await goOn(run);
    expect(await run.when({ type: 'ExpireCommand', commandId })).toEqual([]);
  });

  test('can be cancelled between two turns, and nothing is left', async () => {
    const run = scenario(long, true, {}, false);
    await run.start();
    await run.cancel('enough');
    expect(run.state()).toMatchObject({ status: 'cancelled' });
    expect(run.open()).toEqual([]);
  });

  test('keeps what is left while it is paused', async () => {
    const run = scenario(long, true, {}, false);
    await run.start();
    await run.pause();
    await goOn(run);
    expect(run.open()).toEqual([]);
    await run.resume();
    while (run.state().status === 'running') await goOn(run);
    expect(run.state()).toMatchObject({ status: 'succeeded' });
  });

  test('takes the results of tasks meanwhile', async () => {
    const both: JsonObject = {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'T', States: { T: task() } },
        { StartAt: 'A', States: { A: mapOf(400, chain(5), 'S0') } },
      ],
      End: true,
    };
    const run = scenario(documentOf({ P: both }), false, {}, false);
    await run.start();
    await run.succeed('T', 'done');
    while (run.state().status === 'running') await goOn(run);
    expect(run.state()).toMatchObject({ status: 'succeeded', output: ['done', { length: 400 }] });
  });
});

test('a loop that waits for nothing is stopped, in however many turns', async () => {
  const heavy = { Type: 'Pass', Output: '{% $count([1..800].($ * 2)) %}', Next: 'B' };
  const again = { Type: 'Choice', Choices: [{ Condition: false, Next: 'C' }], Default: 'A' };
  const run = scenario(documentOf({ A: heavy, B: again, C: { Type: 'Succeed' } }), false);
  await run.start();
  expect(run.eventsOf('TurnYielded').length).toBeGreaterThan(10);
  expect(run.state()).toMatchObject({ status: 'failed', cause: expect.stringContaining('does the loop end') });
  expect(run.eventsOf('StateEntered').length).toBeLessThanOrEqual(1_000);
});

test('a turn ends sooner where the values are large', async () => {
  const big = { Type: 'Pass', Output: { text: 'x'.repeat(700_000) }, Next: 'B' };
  const run = scenario(
    documentOf({ A: big, B: { ...big, Next: 'C' }, C: { ...big, Next: 'D' }, D: { Type: 'Succeed' } }),
    true,
    {
      maxPayloadBytes: 4_000_000,
    },
  );
  await run.start();
  expect(run.eventsOf('TurnYielded').length).toBeGreaterThan(0);
  expect(run.state()).toMatchObject({ status: 'succeeded' });
});
