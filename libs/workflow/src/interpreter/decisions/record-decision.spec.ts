import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { branches, documentOf, RUN_ID, type Scenario, scenario, task } from '../../testing/scenario.js';

const decisionsOf = (run: Scenario) => run.eventsOf('DecisionMade').map(({ data: { decision } }) => decision);

const States = {
  Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Review' },
  Review: task({ Resource: 'baton:worker:validator', Assign: { review: '{% $states.result %}' }, Next: 'Good' }),
  Good: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $exists($review.scores.alignment) and $review.scores.alignment >= 9 %}', Next: 'Build' },
      { Condition: '{% $round >= 3 %}', Next: 'Stuck' },
    ],
    Default: 'Revise',
  },
  Revise: task({ Assign: { round: '{% $round + 1 %}' }, Next: 'Review' }),
  Build: { ...branches('Code', 'Docs'), Next: 'Shipped' },
  Shipped: { Type: 'Succeed' },
  Stuck: { Type: 'Fail', Error: 'Stuck' },
};
const around = {
  phases: [
    { name: 'plan', states: ['Review', 'Good', 'Revise', 'Stuck'] },
    { name: 'code', states: ['Build', 'Code', 'Docs', 'Shipped'] },
  ],
  steps: {
    Revise: { number: 3, title: 'Revision', template: 'revise' },
    Code: { number: 4, title: 'Code', template: 'code' },
  },
  decisions: {
    at: [
      {
        state: 'Good',
        phase: 'plan',
        scores: '{% $review.scores %}',
        thresholds: '{% { "alignment": 9 } %}',
        round: '{% $round %}',
        maxRounds: '{% 3 %}',
      },
    ],
  },
};

async function judged(...reviews: readonly JsonObject[]): Promise<Scenario> {
  const run = scenario(documentOf(States, around));
  await run.start();
  for (const [index, scores] of reviews.entries()) {
    if (index > 0) await run.succeed('Revise');
    await run.succeed('Review', { scores });
  }
  return run;
}

describe('at a Choice that is a decision point', () => {
  test('the whole record stands in the log', async () => {
    expect(decisionsOf(await judged({ alignment: 8.6 }))).toEqual([
      {
        decisionId: `${RUN_ID}-d1`,
        point: { kind: 'choice', state: 'Good' },
        classification: 'standard',
        reasons: ['no error and nothing unusual so far'],
        source: 'programmatic',
        actionType: 'invoke_agent',
        targetAgent: 'planner',
        template: 'revise',
        stepNumber: 3,
        target: 'Revise',
        phase: 'plan',
        round: 1,
        scores: { alignment: 8.6 },
        rationale: 'alignment 8.6 is below 9; round 1 of 3: Revise follows',
        confidence: null,
        recoveryStrategy: null,
        programmaticAlternative: null,
        conflictReason: null,
        adviceRejected: null,
        facts: { errorCount: 0, thresholds: { alignment: 9 }, maxRounds: 3, failingTools: null },
        latencyMs: 0,
        costUsd: 0,
      },
    ]);
  });

  test('going on to the next phase is one decision, named after the first task of the Parallel', async () => {
    expect(decisionsOf(await judged({ alignment: 9.5 }))).toMatchObject([
      {
        actionType: 'transition_phase',
        target: 'Build',
        targetAgent: 'planner',
        template: 'code',
        stepNumber: 4,
        rationale: 'every score reaches its threshold (alignment 9.5 of 9); round 1 of 3: Build follows',
      },
    ]);
  });

  test('rounds add up: a plateau, then the last round', async () => {
    const decisions = decisionsOf(await judged({ alignment: 8 }, { alignment: 8.1 }, { alignment: 8.8 }));
    expect(decisions.map(({ classification }) => classification)).toEqual(['standard', 'complex', 'complex']);
    expect(decisions[1]?.reasons).toEqual(['the scores gained 0.1 in all since the round before']);
    expect(decisions[2]).toMatchObject({
      reasons: ['the last of 3 rounds is reached'],
      actionType: 'fail',
      target: 'Stuck',
    });
  });

  test.each<[JsonObject, string]>([
    [{ alignment: 11 }, 'the score 11 for alignment is outside 0 to 10'],
    [{ alignment: -1 }, 'the score -1 for alignment is outside 0 to 10'],
    [{ compatibility: 9 }, 'the score for alignment is missing'],
    [{}, 'the scores could not be read'],
  ])('scores that are no scores make it complex and do not stop the run: %j', async (scores, reason) => {
    expect(decisionsOf(await judged(scores))).toMatchObject([{ classification: 'complex', reasons: [reason] }]);
  });

  test('an error before makes it hybrid', async () => {
    const Review = { ...States.Review, Retry: [{ ErrorEquals: ['States.ALL'] }] };
    const run = scenario(documentOf({ ...States, Review }, around));
    await run.start();
    await run.fail('Review', 'Weather');
    await run.succeed('Review', { scores: { alignment: 5 } });
    expect(decisionsOf(run)).toMatchObject([{ classification: 'hybrid', reasons: ['one error so far'] }]);
  });
});

describe('at a task that failed for good', () => {
  test('the decision names the catcher that follows', async () => {
    const run = scenario(
      documentOf({
        A: task({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['E'], Next: 'B' }] }),
        B: task({ Resource: 'baton:worker:programmer' }),
      }),
    );
    await run.start();
    await run.fail('A', 'E');
    expect(decisionsOf(run)).toEqual([]);
    await run.fail('A', 'E');
    expect(decisionsOf(run)).toMatchObject([
      {
        point: { kind: 'task-failed', state: 'A' },
        classification: 'hybrid',
        actionType: 'invoke_agent',
        targetAgent: 'programmer',
        target: 'B',
        rationale: 'the task of A failed with E after 2 attempts: B follows',
      },
    ]);
  });

  test('the decision is to fail where nothing catches it', async () => {
    const run = scenario(documentOf({ A: task() }));
    await run.start();
    await run.fail('A', 'E');
    expect(decisionsOf(run)).toMatchObject([
      {
        actionType: 'fail',
        target: null,
        rationale: 'the task of A failed with E after one attempt, and nothing catches it: the run fails',
      },
    ]);
  });

  test('the decision is to recover where a Parallel around it tries again', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }];
    const run = scenario(documentOf({ Both: { ...branches('L', 'R'), Retry, End: true } }));
    await run.start();
    await run.fail('L', 'E');
    await run.expire('Both');
    await run.fail('L', 'E');
    expect(decisionsOf(run)).toMatchObject([
      { actionType: 'retry_with_recovery', recoveryStrategy: 'same', target: 'Both' },
      { actionType: 'fail', recoveryStrategy: null, target: null },
    ]);
  });
});

test('a phase that changes without a decision point is a decision of its own', async () => {
  const phases = [
    { name: 'one', states: ['A', 'B'] },
    { name: 'two', states: ['C'] },
  ];
  const run = scenario(documentOf({ A: task({ Next: 'B' }), B: task({ Next: 'C' }), C: task() }, { phases }));
  await run.start();
  await run.succeed('A');
  expect(decisionsOf(run)).toEqual([]);
  await run.succeed('B');
  expect(decisionsOf(run)).toMatchObject([
    {
      point: { kind: 'phase-change', state: 'C' },
      actionType: 'transition_phase',
      phase: 'two',
      rationale: 'the phase one is done: C begins the phase two',
    },
  ]);
  expect(run.state()).toMatchObject({ phase: 'two' });
});
