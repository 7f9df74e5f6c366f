import type { JsonObject, Usage } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task } from '../testing/scenario.js';

const used = (tokens: number): Usage => ({ inputTokens: tokens, outputTokens: 0, costUsd: null });
const step = (tokens: number): JsonObject => ({ number: 1, title: 'x', budget: { tokens } });
const complete = (run: Scenario, state: string, tokens = 0) =>
  run.when({ type: 'CompleteTask', commandId: run.commandOf(state).commandId, output: null, usage: used(tokens) });

/** Whose tasks wait. */
function waitingIn(run: Scenario): readonly string[] {
  const state = run.state();
  if (state.status === 'new') return [];
  return [...state.waiting.visits].map((visit) => state.visits.get(visit)?.state ?? '');
}

describe('a task that is tried again and has to wait for budget', () => {
  const States = (Retry: readonly JsonObject[]) => ({
    P: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'A', States: { A: task(Retry.length === 0 ? {} : { Retry: [...Retry] }) } },
        { StartAt: 'B', States: { B: task() } },
      ],
      End: true,
    },
  });
  const around = (decisions: JsonObject) => ({
    budget: { tokens: 100 },
    steps: { A: step(50), B: step(50) },
    decisions,
  });
  const fails = (run: Scenario) =>
    run.when({
      type: 'FailTask',
      commandId: run.commandOf('A').commandId,
      error: 'Weather',
      cause: 'rain',
      retryable: true,
      usage: used(20),
    });

  test('begins no earlier than its retrier says', async () => {
    const retriers = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 600, MaxAttempts: 1 }];
    const run = scenario(documentOf(States(retriers), around({})));
    await run.start();
    await fails(run);
    expect(waitingIn(run)).toEqual(['A']);
    await complete(run, 'B');
    expect(run.commandOf('A')).toMatchObject({ notBefore: '2026-11-21T12:10:00.000Z', message: { attempt: 2 } });
  });

  test('is tried again in the way that was decided, and no more often than it may', async () => {
    const run = scenario(documentOf(States([]), around({ recovery: { strategies: ['same'], most: 1 } })));
    await run.start();
    await fails(run);
    expect(waitingIn(run)).toEqual(['A']);
    await complete(run, 'B');
    expect(run.eventsOf('TaskScheduled').at(-1)?.data).toMatchObject({
      attempt: 2,
      recovery: { strategy: 'same', attempt: 1 },
      arguments: { recovery: { strategy: 'same', previousError: { error: 'Weather', cause: 'rain' } } },
    });
    await run.fail('A', 'Weather');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Weather' });
  });

  test('is decided about once, also where an advisor had the word', async () => {
    const run = scenario(documentOf(States([]), around({ mode: 'llm' })));
    await run.start();
    await fails(run);
    const output = { move: 'retry:reduced_scope', rationale: 'r', confidence: 0.8, concerns: [] };
    await run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
    expect(waitingIn(run)).toEqual(['A']);
    await complete(run, 'B');
    expect(run.commandOf('A').message.arguments).toMatchObject({ recovery: { strategy: 'reduced_scope' } });
    expect(run.eventsOf('DecisionMade')).toHaveLength(1);
  });

  test('takes no second answer of a person who gave more', async () => {
    const document = documentOf(
      {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: task({ Next: 'Next' }), Next: task() } },
            { StartAt: 'B', States: { B: task() } },
          ],
          End: true,
        },
      },
      { budget: { tokens: 100 }, steps: { A: step(25), B: step(75), Next: step(100) } },
    );
    const run = scenario(document);
    await run.start();
    await complete(run, 'A', 100);
    await run.answer('Next', 'approve');
    expect(waitingIn(run)).toEqual(['Next']);
    await complete(run, 'B');
    expect(run.commandOf('Next').name).toBe('task');
    expect(run.eventsOf('DecisionMade')).toHaveLength(1);
  });
});
