import type { Usage } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { branches, documentOf, type Scenario, START_MS, scenario, task } from '../testing/scenario.js';
import { parseDuration } from './duration.js';

const used = (costUsd: number | null, tokens = 10): Usage => ({ inputTokens: tokens, outputTokens: 0, costUsd });
const chain = documentOf(
  { A: task({ Arguments: {}, Next: 'B' }), B: task({ Arguments: {}, Next: 'C' }), C: task({ Arguments: {} }) },
  { budget: { usd: 4 } },
);
const complete = (run: Scenario, state: string, usage: Usage) =>
  run.when({ type: 'CompleteTask', commandId: run.commandOf(state).commandId, output: state, usage });
const budgetOf = (run: Scenario, state: string) => run.commandOf(state).message.budget;

describe('a budget', () => {
  test('reserves all that is left for a task that is alone, or what its step may spend', async () => {
    const run = scenario(chain);
    await run.start();
    expect(budgetOf(run, 'A')).toEqual({ usd: 4 });
    await complete(run, 'A', used(0.5));
    expect(budgetOf(run, 'B')).toEqual({ usd: 3.5 });
    const shared = scenario({ ...chain, steps: { A: { number: 1, title: 'A', budget: { usd: 0.5, tokens: 100 } } } });
    await shared.start();
    expect(budgetOf(shared, 'A')).toEqual({ usd: 0.5, tokens: 100 });
  });

  test('makes a task wait for what others have reserved, and go on when they give it back', async () => {
    const document = documentOf({ P: { ...branches('A', 'B', 'C'), End: true } }, { budget: { usd: 4 } });
    const share = { number: 1, title: 'x', budget: { usd: 2 } };
    const run = scenario({ ...document, steps: { A: share, B: share, C: share } });
    await run.start();
    expect(run.open().map(({ message }) => message.state)).toEqual(['A', 'B']);
    expect(run.eventsOf('BudgetAwaited')).toHaveLength(1);
    await complete(run, 'A', used(0.5));
    // Half a dollar is missing as long as B has its share.
    expect(run.open().map(({ message }) => message.state)).toEqual(['B']);
    await complete(run, 'B', used(0.5));
    expect(budgetOf(run, 'C')).toEqual({ usd: 2 });
  });

  test('of which four fifths are used tells the next task to come to an end, once', async () => {
    const run = scenario(chain);
    await run.start();
    await complete(run, 'A', used(3.3));
    expect(run.eventsOf('BudgetWarned')).toMatchObject([{ data: { kind: 'usd', used: 3.3, limit: 4 } }]);
    expect(run.commandOf('B').message).toMatchObject({ arguments: { budgetHint: 'wind-down' } });
    await complete(run, 'B', used(0.1));
    expect(run.eventsOf('BudgetWarned')).toHaveLength(1);
  });

  test('that is used up asks a person, who gives as much again or ends the state', async () => {
    const run = scenario(chain);
    await run.start();
    await complete(run, 'A', used(5));
    expect(run.commandOf('B')).toMatchObject({ name: 'approval' });
    expect(run.eventsOf('BudgetExhausted')).toMatchObject([{ data: { kind: 'usd', used: 5, limit: 4 } }]);
    expect(run.eventsOf('TaskScheduled').at(-1)?.data.arguments).toMatchObject({
      title: 'The budget is used up before B',
      panel: { spent: { usd: 5 }, budget: [{ kind: 'usd', used: 5, limit: 4 }] },
    });
    await run.answer('B', 'approve', 'worth it');
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      source: 'human',
      point: { kind: 'budget' },
    });
    expect(run.commandOf('B').name).toBe('task');
    const refused = scenario(chain);
    await refused.start();
    await complete(refused, 'A', used(5));
    await refused.answer('B', 'reject', 'too dear');
    expect(refused.state()).toMatchObject({ status: 'failed', error: 'Baton.Rejected', cause: 'too dear' });
  });

  test('in money counts a model without a price as unknown, never as nothing', async () => {
    const run = scenario(chain);
    await run.start();
    await complete(run, 'A', used(null));
    expect(run.eventsOf('BudgetExhausted')).toMatchObject([{ data: { isUnknown: true } }]);
    await run.answer('B', 'approve');
    expect(run.commandOf('B').name).toBe('task');
  });

  test('in tokens and in time is kept, too', async () => {
    const tokens = scenario({ ...chain, budget: { tokens: 100 } });
    await tokens.start();
    expect(budgetOf(tokens, 'A')).toEqual({ tokens: 100 });
    await complete(tokens, 'A', used(null, 100));
    expect(tokens.eventsOf('BudgetExhausted')).toMatchObject([{ data: { kind: 'tokens', used: 100 } }]);
    const time = scenario({ ...chain, budget: { wallClock: 'PT1H' } });
    await time.start();
    time.passUntil(new Date(START_MS + 3_600_000).toISOString());
    await time.succeed('A');
    expect(time.eventsOf('BudgetExhausted')).toMatchObject([{ data: { kind: 'wallClock', used: 3600, limit: 3600 } }]);
  });

  test('is given on to child runs, which settle it like a task', async () => {
    const document = documentOf({ Child: task({ Resource: 'baton:workflow:other' }) }, { budget: { usd: 4 } });
    const run = scenario(document);
    await run.start();
    expect(run.commandOf('Child').message).toMatchObject({ budget: { usd: 4 } });
  });

  test('costs nothing where there is none', async () => {
    const run = scenario(documentOf({ A: task() }));
    await run.start();
    expect(run.commandOf('A').message).not.toHaveProperty('budget');
  });
});

test.each([
  ['PT2H', 7200],
  ['P1DT12H', 129_600],
  ['PT1M30.5S', 90.5],
  ['P2W', 1_209_600],
  ['P1M', null],
  ['P1Y', null],
  ['PT', null],
  ['2h', null],
])('the duration %s is %j seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});
