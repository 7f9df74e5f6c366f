import type { JsonObject, Usage } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import { initialState } from '../state/run-state.js';
import { documentOf, RUN_ID, readBack, type Scenario, START_MS, scenario, task } from '../testing/scenario.js';

const used = (costUsd: number | null, tokens = 10): Usage => ({ inputTokens: tokens, outputTokens: 0, costUsd });
const complete = (run: Scenario, state: string, usage: Usage) =>
  run.when({ type: 'CompleteTask', commandId: run.commandOf(state).commandId, output: state, usage });
const tooSmall = (run: Scenario, state: string, usage: Usage, more: JsonObject = {}) =>
  run.when({
    type: 'FailTask',
    commandId: run.commandOf(state).commandId,
    error: 'Baton.BudgetExhausted',
    cause: 'The call was not made.',
    retryable: false,
    usage,
    ...more,
  });
const statesOf = (run: Scenario) => run.open().map(({ message }) => message.state);
const budgetOf = (run: Scenario, state: string) => run.commandOf(state).message.budget;

const side = (names: readonly string[], around: JsonObject = {}) =>
  documentOf(
    {
      First: task({ Next: 'P' }),
      P: {
        Type: 'Parallel',
        Branches: names.map((name) => ({ StartAt: name, States: { [name]: task() } })),
        End: true,
      },
    },
    { budget: { usd: 1 }, ...around },
  );

const begun = async (names: readonly string[], firstUsd: number, around: JsonObject = {}) => {
  const run = scenario(side(names, around));
  await run.start();
  await complete(run, 'First', used(firstUsd));
  return run;
};

describe('the share of a task', () => {
  test('is all that is left where it is alone: a run of 20 cents fits a budget of a dollar, whatever one call may cost', async () => {
    const run = await begun(['A'], 0.05);
    expect(run.eventsOf('TaskScheduled')[0]?.data.budget).toEqual({ usd: 1 });
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.95 });
  });

  test('leaves the same to each of those beside it, as long as such tasks cost no more', async () => {
    const run = await begun(['A', 'B', 'C', 'D', 'E'], 0.1);
    expect(statesOf(run)).toEqual(['A', 'B', 'C', 'D']);
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.2 });
    await complete(run, 'A', used(0.02));
    // Dearer than what the first of the kind cost is none so far.
    expect(statesOf(run)).toEqual(['B', 'C', 'D', 'E']);
  });

  test('is twice what such a task has cost where that is more, and then the others stand in line and none fails', async () => {
    const run = await begun(['A', 'B', 'C'], 0.2);
    // The kind cost 0.2: of 0.8 each gets 0.4, and not a third.
    expect(statesOf(run)).toEqual(['A', 'B']);
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.4 });
    await complete(run, 'A', used(0.1));
    expect(statesOf(run)).toEqual(['B']);
    await complete(run, 'B', used(0.1));
    expect(budgetOf(run, 'C')).toEqual({ usd: 0.4 });
  });

  test('goes by what the document says such a task usually costs, until the run knows better', async () => {
    const steps = { B: { number: 1, title: 'B', usual: { usd: 0.3 } } };
    const run = await begun(['A', 'B', 'C', 'D'], 0.01, { steps });
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.2475 });
    expect(budgetOf(run, 'B')).toEqual({ usd: 0.6 });
  });

  test('that was too small is doubled, at once and without a retrier, until all that is left was not enough', async () => {
    const run = await begun(['A', 'B', 'C', 'D'], 0);
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.25 });
    await tooSmall(run, 'A', used(0.05));
    // Twice as much is not free yet.
    expect(statesOf(run)).toEqual(['B', 'C', 'D']);
    await complete(run, 'B', used(0.01));
    await complete(run, 'C', used(0.01));
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.5 });
    await complete(run, 'D', used(0.01));
    await tooSmall(run, 'A', used(0.1));
    expect(budgetOf(run, 'A')).toEqual({ usd: 0.82 });
    await tooSmall(run, 'A', used(0.1));
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.BudgetExhausted' });
  });

  test('that was too small is paid for once: the next task goes on from what was noted, in every copy of the run', async () => {
    const run = await begun(['A', 'B'], 0);
    const noted = async (entries: number) => {
      const { commandId } = run.commandOf('A');
      await tooSmall(run, 'A', used(0.05), { journaled: { entries, sha256: 'a'.repeat(64) } });
      return { commandId, entries };
    };
    const first = await noted(7);
    await complete(run, 'B', used(0.01));
    expect(run.commandOf('A').message).toMatchObject({ continues: [first], attempt: 2 });
    // In front of everything that a workflow may say: the database goes by that.
    expect(Object.keys(run.commandOf('A').message)[0]).toBe('continues');
    // Where that one asks a person, what follows goes on from both.
    const second = { commandId: run.commandOf('A').commandId, entries: 3 };
    await run.when({
      type: 'FailTask',
      commandId: second.commandId,
      ...{ error: 'Baton.AsksPerson', cause: 'Which?', retryable: false, usage: used(0.01) },
      asks: { text: 'Which?', entries: 3 },
    });
    await run.answer('A', 'answer', 'this one');
    expect(run.commandOf('A').message).toMatchObject({
      continues: [first, second],
      answer: { outcome: 'answered', text: 'this one' },
    });
    readBack(run.log());
  });

  test('that its step names is never made larger', async () => {
    const steps = { First: { number: 1, title: 'First', budget: { usd: 0.1 } } };
    const run = scenario(side(['A'], { steps }));
    await run.start();
    await tooSmall(run, 'First', used(0.01));
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.BudgetExhausted' });
  });

  test('of a run that began before it went by cost is a quarter to its end', async () => {
    const order = {
      type: 'StartRun',
      submission: { requestId: 'r', workflow: 'test', input: {}, runId: RUN_ID },
      document: side(['A']),
      sha256: 'ab'.repeat(32),
    } as const;
    const meta = { nowMs: START_MS, actor: { type: 'user', id: 'tester' } } as const;
    const [started, ...rest] = await decide(initialState, order, meta);
    if (started?.type !== 'RunStarted') throw new Error('it did not begin');
    const { shares: _, ...data } = started.data;
    const old = [{ type: 'RunStarted' as const, data }, ...rest].reduce(evolve, initialState);
    const done = { type: 'CompleteTask', commandId: `${RUN_ID}-1`, output: 1, usage: used(0.01) } as const;
    const scheduled = (await decide(old, done, meta)).find(({ type }) => type === 'TaskScheduled');
    expect(scheduled).toMatchObject({ type: 'TaskScheduled', data: { budget: { usd: 0.25 } } });
  });
});

const item = { Retry: [{ ErrorEquals: ['Weather'], MaxAttempts: 2 }] };
const map = (name: string, over: JsonObject): JsonObject => ({
  StartAt: name,
  States: {
    [name]: {
      Type: 'Map',
      Items: `{% [1..$states.input.${name}] %}`,
      ...over,
      ItemProcessor: { StartAt: `${name}1`, States: { [`${name}1`]: task(item) } },
      ToleratedFailurePercentage: 100,
      End: true,
    },
  },
});

/** Settles one of what is open; a person always gives more. */
async function settleOne(
  run: Scenario,
  { pick, percent, fails }: { readonly pick: number; readonly percent: number; readonly fails: number },
): Promise<void> {
  const state = run.state();
  const row = run.open()[pick % run.open().length];
  if (row === undefined || state.status === 'new') return;
  const { commandId, name } = row;
  if (name === 'approval') {
    await run.when({ type: 'DecideApproval', requestId: 'r', approvalId: commandId, decision: 'approve', comment: '' });
    return;
  }
  const granted = state.commands.get(commandId)?.budget?.tokens ?? 0;
  const usage = used(null, Math.floor((granted * percent) / 100));
  const error = { 0: 'Weather', 1: 'Baton.BudgetExhausted' }[fails];
  await run.when(
    error === undefined
      ? { type: 'CompleteTask', commandId, output: null, usage }
      : { type: 'FailTask', commandId, error, cause: '', retryable: true, usage },
  );
}

test('what is reserved and what is used never exceed the limit by more than tasks use beyond their shares, and everyone gets a turn', async () => {
  const step = fc.record({ pick: fc.nat(), percent: fc.nat(100), fails: fc.nat(9) });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(12),
      fc.nat(12),
      fc.integer({ min: 3, max: 5_000 }),
      fc.array(step, { minLength: 1, maxLength: 30 }),
      async (a, b, limit, steps) => {
        const document = documentOf(
          { P: { Type: 'Parallel', Branches: [map('A', { MaxConcurrency: 3 }), map('B', {})], End: true } },
          { budget: { tokens: limit } },
        );
        const run = scenario(document, false);
        await run.start({ A: a + 1, B: b + 1 });
        for (let at = 0; run.open().length > 0; at += 1) {
          const state = run.state();
          if (state.status === 'new') throw new Error('unreachable');
          expect(state.reserved.tokens + state.spent.tokens).toBeLessThanOrEqual(limit + state.extended.tokens);
          await settleOne(run, steps[at % steps.length] ?? { pick: 0, percent: 50, fails: 9 });
          if (at > 2_000) throw new Error('it does not end');
        }
        expect(run.state().status).not.toBe('running');
        run.checkLog();
      },
    ),
    { numRuns: 40, interruptAfterTimeLimit: 30_000 },
  );
}, 60_000);
