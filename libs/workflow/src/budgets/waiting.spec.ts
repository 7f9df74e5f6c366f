import type { JsonObject, Usage } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { cutAt } from '../cuts/run-cut.js';
import { benchMapUnderBudget } from '../testing/bench-budget.js';
import { branches, documentOf, RUN_ID, readBack, type Scenario, scenario, task } from '../testing/scenario.js';

const used = (tokens: number): Usage => ({ inputTokens: tokens, outputTokens: 0, costUsd: null });
const step = (tokens: number): JsonObject => ({ number: 1, title: 'x', budget: { tokens } });
const statesOf = (run: Scenario) => run.open().map(({ message }) => message.state);
const complete = (run: Scenario, state: string, tokens = 0) =>
  run.when({ type: 'CompleteTask', commandId: run.commandOf(state).commandId, output: null, usage: used(tokens) });

/** One task of each name at once, and so much for all of them; what each may spend is in `steps`. */
const parallel = (tokens: number, steps: JsonObject, ...names: readonly string[]) =>
  documentOf({ P: { ...branches(...names), End: true } }, { budget: { tokens }, steps });

/** Whose task waits, by the branches of the Parallel or the items of the Map. */
function waitingIn(run: Scenario): readonly string[] {
  const state = run.state();
  if (state.status === 'new') return [];
  return [...state.waiting.visits].sort((a, b) => a - b).map((visit) => state.visits.get(visit)?.state ?? '');
}

describe('the log of a Map under a budget', () => {
  const map = documentOf(
    {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: { StartAt: 'Work', States: { Work: task() } },
        End: true,
      },
    },
    { budget: { tokens: 1_000_000 } },
  );

  test('says once of each task that waits that it does', async () => {
    const run = scenario(map, false);
    await run.start({ items: Array.from({ length: 20 }, (_, index) => index) });
    for (let row = run.open()[0]; row !== undefined; row = run.open()[0]) {
      await run.when({ type: 'CompleteTask', commandId: row.commandId, output: null, usage: used(10) });
    }
    run.checkLog();
    expect(run.state().status).toBe('succeeded');
    // Four begin at once.
    expect(run.eventsOf('BudgetAwaited')).toHaveLength(16);
  });

  test.each([25, 50, 100, 200, 400])('of %i items is as long as there are items', async (items) => {
    const [, events] = await benchMapUnderBudget(() => 0, items);
    // A frame, a state and a task begin and end, and all but four say that they wait; around them the run and its Map.
    expect(events?.median).toBe(7 * items + 3);
  });

  test('has no more than one event for each settled task that lets in nobody', async () => {
    const run = scenario(parallel(100, { A: step(30), B: step(30), C: step(40), D: step(100) }, 'A', 'B', 'C', 'D'));
    await run.start();
    expect(waitingIn(run)).toEqual(['D']);
    const length = run.log().length;
    await complete(run, 'A');
    await complete(run, 'B');
    // Two results, two states left, two branches ended: D was not asked again.
    expect(run.log()).toHaveLength(length + 6);
    await complete(run, 'C');
    expect(statesOf(run)).toEqual(['D']);
  });
});

describe('those who wait for budget', () => {
  test('are let in in the order in which they came, as many as there is budget for', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    const run = scenario(parallel(100, { A: step(50), B: step(50) }, ...names));
    await run.start();
    expect(waitingIn(run)).toEqual(['C', 'D', 'E', 'F', 'G']);
    await complete(run, 'B');
    expect(statesOf(run)).toEqual(['A', 'C', 'D']);
    await complete(run, 'A', 10);
    // One of their kind cost 10, so twice that is enough for each from here on.
    expect(statesOf(run)).toEqual(['C', 'D', 'E', 'F']);
    expect(waitingIn(run)).toEqual(['G']);
  });

  test('of whom the first needs much are not overtaken by those who need little', async () => {
    const steps = { A: step(60), B: step(30), Big: step(90), Small: step(5), Next: step(5) };
    const document = documentOf(
      {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: task() } },
            { StartAt: 'B', States: { B: task({ Next: 'Next' }), Next: task() } },
            { StartAt: 'Big', States: { Big: task() } },
            { StartAt: 'Small', States: { Small: task() } },
          ],
          End: true,
        },
      },
      { budget: { tokens: 100 }, steps },
    );
    const run = scenario(document);
    await run.start();
    expect(waitingIn(run)).toEqual(['Big', 'Small']);
    // There is enough for Next, which came after both.
    await complete(run, 'B');
    expect(waitingIn(run)).toEqual(['Big', 'Small', 'Next']);
    await complete(run, 'A');
    expect(statesOf(run)).toEqual(['Big', 'Small', 'Next']);
  });

  test('leave the line when they are given up, and let those behind them in', async () => {
    const inner = {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Gate', States: { Gate: task({ Resource: 'baton:approval' }) } },
        { StartAt: 'Big', States: { Big: task() } },
      ],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Idle' }],
      Next: 'Idle',
    };
    const document = documentOf(
      {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: task() } },
            { StartAt: 'Inner', States: { Inner: inner, Idle: task({ Resource: 'baton:signal:never' }) } },
            {
              StartAt: 'Pause',
              States: { Pause: { Type: 'Pass', Next: 'Rest' }, Rest: { Type: 'Pass', Next: 'Small' }, Small: task() },
            },
          ],
          End: true,
        },
      },
      { budget: { tokens: 100 }, steps: { A: step(60), Big: step(90), Small: step(10) } },
    );
    const run = scenario(document);
    await run.start();
    expect(waitingIn(run)).toEqual(['Big', 'Small']);
    // Nothing is given back: only the one in front is gone.
    await run.answer('Gate', 'reject', 'no');
    expect(waitingIn(run)).toEqual([]);
    expect(statesOf(run)).toContain('Small');
  });

  test('all leave it when the run is cancelled, or fails', async () => {
    for (const ends of [(run: Scenario) => run.cancel(), (run: Scenario) => run.fail('A', 'Weather')]) {
      const run = scenario(parallel(100, { A: step(100) }, 'A', 'B', 'C'));
      await run.start();
      expect(waitingIn(run)).toEqual(['B', 'C']);
      await ends(run);
      expect(waitingIn(run)).toEqual([]);
      expect(run.eventsOf('BudgetAwaited')).toHaveLength(2);
    }
  });

  test('wait on while the run is paused, and are let in in order when it goes on', async () => {
    const run = scenario(parallel(100, { A: step(50), B: step(50) }, 'A', 'B', 'C', 'D', 'E'));
    await run.start();
    await run.pause();
    await complete(run, 'A');
    await run.signal('nothing');
    expect(statesOf(run)).toEqual(['B']);
    await run.resume();
    expect(statesOf(run)).toEqual(['B', 'C', 'D']);
    expect(waitingIn(run)).toEqual(['E']);
    expect(run.eventsOf('BudgetAwaited')).toHaveLength(3);
  });

  test('keep their order in a retry, and begin behind those whose tasks were out', async () => {
    const run = scenario(parallel(100, { A: step(50), B: step(50) }, 'A', 'B', 'C', 'D', 'E'));
    await run.start();
    await run.fail('B', 'Weather');
    expect(run.state().status).toBe('failed');
    await run.retry();
    expect(statesOf(run)).toEqual(['A', 'B']);
    expect(waitingIn(run)).toEqual(['C', 'D', 'E']);
    expect(run.eventsOf('BudgetAwaited')).toHaveLength(3);
    await complete(run, 'A');
    expect(statesOf(run)).toEqual(['B', 'C', 'D']);
  });

  test('keep their order in a fork', async () => {
    const document = parallel(100, { A: step(50), B: step(50) }, 'A', 'B', 'C', 'D', 'E');
    const run = scenario(document);
    await run.start();
    const cut = cutAt(readBack(run.log()));
    if (cut === null) throw new Error('there is nothing to fork');
    const fork = scenario(document);
    const runId = '0123abcd-0000-4000-8000-00000000f0f0';
    const from = { runId: RUN_ID, version: cut.version };
    await fork.when({ type: 'ForkRun', requestId: 'fork', runId, from, cut, labels: {} });
    expect(statesOf(fork)).toEqual(['A', 'B']);
    expect(waitingIn(fork)).toEqual(['C', 'D', 'E']);
    await complete(fork, 'B');
    expect(statesOf(fork)).toEqual(['A', 'C', 'D']);
  });

  test('are asked about once each when the budget is used up, and go on when a person gives more', async () => {
    const run = scenario(parallel(100, { A: step(100) }, 'A', 'B', 'C'));
    await run.start();
    await complete(run, 'A', 100);
    expect(run.eventsOf('BudgetExhausted')).toHaveLength(2);
    expect(waitingIn(run)).toEqual([]);
    await run.answer('B', 'approve');
    await run.answer('C', 'approve');
    // One of their kind cost all of it: they go one after the other.
    expect(run.open().map(({ name, message }) => [name, message.state])).toEqual([['task', 'B']]);
    await complete(run, 'B', 10);
    expect(run.open().map(({ name, message }) => [name, message.state])).toEqual([['task', 'C']]);
    expect(run.eventsOf('BudgetExtended')).toMatchObject([{ data: { kind: 'tokens', by: 100 } }]);
  });
});
