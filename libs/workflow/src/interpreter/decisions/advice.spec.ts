import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { checkedUntilGood } from '../../testing/checked-until-good.js';
import { documentOf, type Scenario, scenario, task, typesOf } from '../../testing/scenario.js';

const isLong = inject('effort') === 'long';

const documentIn = (mode: string, over: JsonObject = {}) =>
  documentOf(checkedUntilGood, {
    phases: [{ name: 'code', states: ['Check', 'Good', 'Refine', 'Stuck', 'Done'] }],
    decisions: {
      mode,
      at: [
        {
          state: 'Good',
          phase: 'code',
          scores: '{% { "alignment": $review.score } %}',
          thresholds: '{% { "alignment": 9 } %}',
          round: '{% $round %}',
          maxRounds: '{% 3 %}',
          failingTools: '{% $review.passed ? [] : ["tests"] %}',
        },
      ],
      ...over,
    },
  });

const good = { passed: true, score: 9.5 };
const poor = { passed: true, score: 5 };
const failing = { passed: false, score: 9.5 };

async function checked(mode: string, ...reviews: readonly JsonObject[]): Promise<Scenario> {
  const run = scenario(documentIn(mode));
  await run.start();
  for (const [index, review] of reviews.entries()) {
    if (index > 0) await run.succeed('Refine');
    await run.succeed('Check', review);
  }
  return run;
}

const decisionsOf = (run: Scenario) => run.eventsOf('DecisionMade').map(({ data }) => data.decision);
const advise = (run: Scenario, output: Json) =>
  run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
const advice = (move: string) => ({ move, rationale: 'because of the facts', confidence: 0.8, concerns: [] });
const movesOf = (run: Scenario): readonly string[] =>
  run
    .eventsOf('AdviceRequested')
    .at(-1)
    ?.data.question.moves.map(({ id }) => id) ?? [];

describe('who is asked', () => {
  test('nobody in programmatic mode, and nobody at a standard point in hybrid mode', async () => {
    for (const mode of ['programmatic', 'hybrid']) {
      const run = await checked(mode, good);
      expect(run.state().status).toBe('succeeded');
      expect(run.eventsOf('AdviceRequested')).toEqual([]);
    }
  });

  test('an advisor in hybrid mode where the facts are complex, in llm mode always', async () => {
    expect((await checked('hybrid', failing)).advisor().message).toMatchObject({
      kind: 'advisor',
      state: 'Good',
      arguments: {
        template: 'workflow_orchestrator_prompt_template',
        classification: 'complex',
        point: { kind: 'choice', state: 'Good' },
        digest: { rounds: [{ round: 1, scores: { alignment: 9.5 } }], failingTools: ['tests'], round: 1, maxRounds: 3 },
      },
    });
    expect((await checked('llm', good)).advisor().message).toMatchObject({ kind: 'advisor' });
  });

  test('in shadow too, but the run does not wait, and what comes is put on record', async () => {
    const run = await checked('shadow', poor);
    expect(decisionsOf(run)).toMatchObject([{ source: 'programmatic', target: 'Refine' }]);
    expect(typesOf(await advise(run, advice('human')))).toEqual(['AdviceGiven']);
    expect(run.commandOf('Refine')).toBeDefined();
    await run.succeed('Refine');
    await run.succeed('Check', good);
    // The second advice is still out when the run ends: it is recorded when it comes, and nothing follows from it.
    expect(run.state().status).toBe('succeeded');
    expect(run.open()).toHaveLength(1);
    expect(typesOf(await advise(run, advice('go:Refine')))).toEqual(['AdviceGiven']);
    expect(run.open()).toEqual([]);
    expect(run.state()).toMatchObject({ status: 'succeeded' });
  });
});

test('the same output twice is unusual, where the point says what its round makes', async () => {
  const document = documentIn('programmatic');
  const [point] = document.decisions?.at ?? [];
  if (point === undefined || document.decisions === undefined) throw new Error('no decision point');
  const at = [{ ...point, output: '{% $review.made %}' }];
  const run = scenario({ ...document, decisions: { ...document.decisions, at } });
  await run.start();
  await run.succeed('Check', { passed: true, score: 5, made: { files: ['a'] } });
  await run.succeed('Refine');
  await run.succeed('Check', { passed: true, score: 6, made: { files: ['a'] } });
  await run.succeed('Refine');
  await run.succeed('Check', { passed: true, score: 7, made: { files: ['b'] } });
  const reasons = decisionsOf(run).map((decision) => decision.reasons.includes('the same output came twice'));
  expect(reasons).toEqual([false, true, false]);
  expect(decisionsOf(run)[1]).toMatchObject({ classification: 'hybrid' });
});

describe('advice', () => {
  test('that agrees with the rule makes it the decision of the rule', async () => {
    const run = await checked('llm', good);
    await advise(run, advice('go:Done'));
    expect(decisionsOf(run)).toMatchObject([{ source: 'programmatic', target: 'Done', confidence: 0.8 }]);
    expect(run.state().status).toBe('succeeded');
  });

  test('that differs has the word, and the record says what the rule would have done', async () => {
    const run = await checked('llm', poor);
    await advise(run, advice('go:Done'));
    expect(decisionsOf(run)).toMatchObject([
      {
        source: 'llm_override',
        target: 'Done',
        actionType: 'complete',
        rationale: 'because of the facts',
        programmaticAlternative: 'go:Refine',
        conflictReason: expect.stringContaining('go:Refine'),
      },
    ]);
    expect(run.state().status).toBe('succeeded');
  });

  test.each<[string, Json, string]>([
    ['a state that does not exist', advice('go:Nowhere'), 'is not on the list of legal moves'],
    ['no shape of advice', { move: 7 }, 'does not have the shape'],
    ['garbage', 'go:Done', 'does not have the shape'],
    ['a confidence out of range', { ...advice('go:Done'), confidence: 7 }, 'does not have the shape'],
  ])('with %s is rejected, and the rule stands', async (_what, output, reason) => {
    const run = await checked('llm', poor);
    await advise(run, output);
    expect(decisionsOf(run)).toMatchObject([
      { source: 'programmatic_fallback', target: 'Refine', adviceRejected: expect.stringContaining(reason) },
    ]);
  });

  test('never overrules a failing tool', async () => {
    const run = await checked('llm', failing);
    expect(movesOf(run)).not.toContain('go:Done');
    await advise(run, advice('go:Done'));
    expect(decisionsOf(run)).toMatchObject([
      { source: 'programmatic_fallback', target: 'Refine', adviceRejected: expect.stringContaining('tests failed') },
    ]);
  });

  test('never begins a round beyond the last', async () => {
    const run = await checked('llm', poor);
    for (const round of [1, 2]) {
      await advise(run, advice('go:Refine'));
      await run.succeed('Refine', { round });
      await run.succeed('Check', { passed: true, score: 5 + round });
    }
    expect(movesOf(run)).not.toContain('go:Refine');
    await advise(run, advice('go:Refine'));
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Stuck' });
  });

  test('that does not come in time, or fails, leaves the word to the rule', async () => {
    const late = await checked('llm', poor);
    const { commandId } = late.advisor();
    await late.expire('Good');
    expect(decisionsOf(late)).toMatchObject([
      { source: 'programmatic_fallback', adviceRejected: 'no advice came in time', target: 'Refine' },
    ]);
    expect(await late.when({ type: 'CompleteTask', commandId, output: advice('go:Done') })).toEqual([]);
    const failed = await checked('llm', poor);
    const failure = { error: 'Baton.ModelUnavailable', cause: 'down', retryable: true };
    await failed.when({ type: 'FailTask', commandId: failed.advisor().commandId, ...failure });
    expect(decisionsOf(failed)).toMatchObject([{ source: 'programmatic_fallback', target: 'Refine' }]);
  });

  test('whatever it says, no illegal move is taken and a failing tool is never overruled', async () => {
    const moves = fc.oneof(
      fc.constantFrom('go:Done', 'go:Refine', 'go:Stuck', 'human', 'fail', 'retry:same', 'catch:1', 'Done', ''),
      fc.string(),
    );
    const any = fc.oneof(
      fc.record({ move: moves, rationale: fc.string(), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.jsonValue({ maxDepth: 2 }),
    );
    await fc.assert(
      fc.asyncProperty(any, fc.constantFrom(good, poor, failing), async (output, review) => {
        const run = await checked('llm', review);
        const legal = movesOf(run);
        await advise(run, JSON.parse(JSON.stringify(output)));
        const [decision] = decisionsOf(run);
        const taken =
          decision?.actionType === 'request_human'
            ? 'human'
            : decision?.target === null
              ? 'fail'
              : `go:${decision?.target}`;
        expect(legal).toContain(taken);
        if (review === failing) expect(decision?.target).not.toBe('Done');
      }),
      { numRuns: isLong ? 150 : 50 },
    );
  });
});

describe('a person', () => {
  test('is asked when the advice says so, sees the numbers, and has the word', async () => {
    const run = await checked('llm', poor);
    await advise(run, advice('go:Refine'));
    await run.succeed('Refine');
    await run.succeed('Check', poor);
    await advise(run, advice('human'));
    const ask = run.eventsOf('TaskScheduled').at(-1)?.data;
    expect(ask).toMatchObject({
      resource: 'baton:approval',
      arguments: {
        title: 'What shall follow at Good?',
        proposed: { id: 'go:Refine' },
        panel: { changes: ['alignment 5 → 5'], round: 2, maxRounds: 3 },
      },
    });
    await run.answer('Good', 'approve', 'good enough for me', ask?.sha256, 'go:Done');
    expect(decisionsOf(run).at(-1)).toMatchObject({
      source: 'human',
      target: 'Done',
      rationale: 'good enough for me',
      programmaticAlternative: 'go:Refine',
    });
    expect(run.state().status).toBe('succeeded');
  });

  test('who approves without choosing takes what is proposed, and who rejects ends the run', async () => {
    const approved = await checked('llm', poor);
    await advise(approved, advice('human'));
    await approved.answer('Good', 'approve');
    expect(approved.commandOf('Refine')).toBeDefined();
    const rejected = await checked('llm', poor);
    await advise(rejected, advice('human'));
    await rejected.answer('Good', 'reject', 'a waste');
    expect(rejected.state()).toMatchObject({ status: 'failed', error: 'Baton.Rejected', cause: 'a waste' });
  });
});

test('a change of phase is a decision point, and advice may call a person there', async () => {
  const document = documentOf(
    { A: task({ Next: 'B' }), B: task() },
    {
      phases: [
        { name: 'one', states: ['A'] },
        { name: 'two', states: ['B'] },
      ],
      decisions: { mode: 'llm' },
    },
  );
  const run = scenario(document);
  await run.start();
  await run.succeed('A');
  expect(movesOf(run)).toEqual(['go:B', 'human', 'fail']);
  await advise(run, advice('human'));
  await run.answer('B', 'approve', 'go on');
  expect(run.commandOf('B')).toBeDefined();
  await run.succeed('B', 'done');
  expect(run.state()).toMatchObject({ status: 'succeeded', output: 'done' });
});
