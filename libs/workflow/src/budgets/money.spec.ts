import { microUsdOf, type Usage, usdOf } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task } from '../testing/scenario.js';

const used = (costUsd: number): Usage => ({ inputTokens: 1, outputTokens: 0, costUsd });

/** A Map whose tasks may spend so much each, in dollars, of what all of them may spend. */
const mapOf = (usd: number, share: number) =>
  documentOf(
    {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: { StartAt: 'Work', States: { Work: task() } },
        End: true,
      },
    },
    { budget: { usd }, steps: { Work: { number: 1, title: 'Work', budget: { usd: share } } } },
  );
const items = (length: number) => ({ items: Array.from({ length }, (_, index) => index) });

function runOf(run: Scenario) {
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  return state;
}

/** What open tasks may spend, by their messages. */
const reservedOf = (run: Scenario): number =>
  [...runOf(run).commands.values()].reduce((sum, { budget }) => sum + microUsdOf(budget?.usd ?? 0, 'up'), 0);

describe('money', () => {
  test('is spent to the last cent: ten tasks of ten cents fit into a dollar', async () => {
    const run = scenario(mapOf(1, 0.1));
    await run.start(items(10));
    expect(run.open()).toHaveLength(10);
    for (const { commandId } of run.open()) {
      await run.when({ type: 'CompleteTask', commandId, output: null, usage: used(0.1) });
    }
    expect(run.state()).toMatchObject({ status: 'succeeded', spent: { microUsd: 1_000_000 } });
    expect(run.eventsOf('BudgetExhausted')).toEqual([]);
  });

  test('that fits exactly is never refused', async () => {
    const share = fc.integer({ min: 1, max: 50_000_000 });
    await fc.assert(
      fc.asyncProperty(share, fc.integer({ min: 1, max: 12 }), async (each, many) => {
        const run = scenario(mapOf(usdOf(each * many), usdOf(each)), false);
        await run.start(items(many));
        expect(run.open()).toHaveLength(many);
      }),
      { numRuns: 40 },
    );
  });

  test('adds up exactly, and what is spent and reserved together never passes the limit', async () => {
    const amount = fc.integer({ min: 1, max: 400_000 });
    const parts = fc.array(fc.nat(100), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(amount, fc.integer({ min: 1, max: 900_000 }), parts, async (share, limit, percents) => {
        const run = scenario(mapOf(usdOf(limit), usdOf(share)), false);
        await run.start(items(percents.length));
        let spent = 0;
        for (const percent of percents) {
          const row = run.open().find(({ name }) => name === 'task');
          if (row === undefined) break;
          const granted = microUsdOf(runOf(run).commands.get(row.commandId)?.budget?.usd ?? 0, 'up');
          const cost = Math.ceil((granted * percent) / 100);
          spent += cost;
          const usage = used(usdOf(cost));
          await run.when({ type: 'CompleteTask', commandId: row.commandId, output: null, usage });
          expect(runOf(run).spent.microUsd).toBe(spent);
          expect(spent + reservedOf(run)).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of less than a micro-dollar counts as one, so that no number of small calls is free', async () => {
    const run = scenario(mapOf(1, 0.1));
    await run.start(items(10));
    for (const { commandId } of run.open()) {
      await run.when({ type: 'CompleteTask', commandId, output: null, usage: used(0.000_000_1) });
    }
    expect(run.state()).toMatchObject({ spent: { microUsd: 10 } });
  });

  test('without a bound stays a number, however much a worker says it spent', async () => {
    const run = scenario(mapOf(1e300, 1e299));
    await run.start(items(3));
    for (const { commandId } of run.open()) {
      await run.when({ type: 'CompleteTask', commandId, output: null, usage: used(1e300) });
    }
    run.checkLog();
    expect(run.state()).toMatchObject({ spent: { microUsd: 1e15 } });
  });
});
