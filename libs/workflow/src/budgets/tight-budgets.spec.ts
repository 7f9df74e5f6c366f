import type { JsonObject, Usage } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { branches, documentOf, readBack, type Scenario, scenario, task } from '../testing/scenario.js';

const used = (costUsd: number | null, tokens = 10): Usage => ({ inputTokens: tokens, outputTokens: 0, costUsd });
const complete = (run: Scenario, state: string, usage: Usage) =>
  run.when({ type: 'CompleteTask', commandId: run.commandOf(state).commandId, output: state, usage });
const statesOf = (run: Scenario) => run.open().map(({ message }) => message.state);
const step = (budget: JsonObject) => ({ number: 1, title: 'x', budget });

describe('a task that waits for budget', () => {
  test('goes on when whoever holds it is given up because a person said no', async () => {
    const inner = {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Gate', States: { Gate: task({ Resource: 'baton:approval' }) } },
        { StartAt: 'Dear', States: { Dear: task() } },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Idle' }],
      End: true,
    };
    const document = documentOf(
      {
        All: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'Inner',
              States: { Inner: inner, Idle: task({ Resource: 'baton:signal:never' }) },
            },
            {
              StartAt: 'Before',
              States: {
                Before: { Type: 'Pass', Next: 'Then' },
                Then: { Type: 'Pass', Next: 'Late' },
                Late: task(),
              },
            },
          ],
          End: true,
        },
      },
      { budget: { usd: 4 }, steps: { Dear: step({ usd: 4 }) } },
    );
    const run = scenario(document);
    await run.start();
    expect(run.eventsOf('BudgetAwaited')).toHaveLength(1);
    await run.answer('Gate', 'reject', 'no');
    expect(run.commandOf('Late')).toMatchObject({ name: 'task', message: { budget: { usd: 2 } } });
  });
});

describe('a small budget', () => {
  test('still lets four tasks be under way, whatever binary fractions make of it', async () => {
    for (const usd of [0.1, 0.3, 0.7, 1.1, 4.4]) {
      const run = scenario(documentOf({ P: { ...branches('A', 'B', 'C', 'D'), End: true } }, { budget: { usd } }));
      await run.start();
      expect(statesOf(run)).toEqual(['A', 'B', 'C', 'D']);
    }
  });

  test('of a few tokens gives a task of many at least one', async () => {
    const run = scenario(documentOf({ P: { ...branches('A', 'B', 'C', 'D'), End: true } }, { budget: { tokens: 3 } }));
    await run.start();
    expect(statesOf(run)).toEqual(['A', 'B', 'C']);
    expect(run.commandOf('A').message).toMatchObject({ budget: { tokens: 1 } });
  });

  test('of no time at all asks a person, and what they give is enough to go on', async () => {
    // No document of today may say so; a log may hold one that did, and a submission may ask for it.
    const run = scenario({ ...documentOf({ A: task({ Arguments: {} }) }), budget: { wallClock: 'PT0S' } });
    await run.start();
    expect(run.commandOf('A').name).toBe('approval');
    run.pass(5_000);
    await run.answer('A', 'approve');
    expect(run.commandOf('A').name).toBe('task');
    readBack(run.log());
  });

  test('is not extended by a person who sends it back, or names what was not offered', async () => {
    const run = scenario(documentOf({ A: task({ Arguments: {}, Next: 'B' }), B: task() }, { budget: { usd: 1 } }));
    await run.start();
    await complete(run, 'A', used(2));
    expect(await run.answer('B', 'request-changes', 'do less')).toEqual([]);
    expect(await run.answer('B', 'approve', '', undefined, 'go:C')).toEqual([]);
    expect(await run.answer('B', 'approve', '', undefined, 'human')).toEqual([]);
    expect(run.commandOf('B').name).toBe('approval');
  });
});
