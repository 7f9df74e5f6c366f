import type { Json } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { type Scenario, scenario } from '../testing/scenario.js';
import {
  argumentsOf,
  begin,
  code,
  PLAN,
  parsed,
  planned,
  review,
  tools,
  untried,
  validate,
} from '../testing/seven-step.js';

const statesOf = (run: Scenario): readonly string[] => run.eventsOf('StateEntered').map(({ data }) => data.state);
const visitsOf = (run: Scenario, state: string): number => statesOf(run).filter((name) => name === state).length;
const asked = (run: Scenario) => run.eventsOf('TaskScheduled').filter(({ data }) => data.resource === 'baton:approval');
const shown = (run: Scenario): Json | undefined => asked(run).at(-1)?.data.arguments;
const comment = (text: string, round = 1, id = 'H1') => ({ id, by: 'user:tester', comment: text, round });

async function coded(input = {}): Promise<Scenario> {
  const run = await planned(input);
  await run.succeed('Implement', code('first'));
  await validate(run, '', review(), review(), tools());
  return run;
}

describe('a gate at the plan', () => {
  test('waits for a person with the plan and the numbers of its rounds, and goes on', async () => {
    const run = await begin({ gates: 'plan' });
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review({ alignment: 8 }));
    await run.succeed('RevisePlan', PLAN);
    await run.succeed('ValidatePlan', review());
    expect(shown(run)).toMatchObject({
      title: 'Approve the plan',
      plan: PLAN,
      round: 2,
      panel: {
        rounds: [
          { round: 1, scores: { alignment: 8 } },
          { round: 2, scores: { alignment: 9 } },
        ],
        changes: expect.arrayContaining(['alignment 8 → 9']),
        spent: { usd: 0, tokens: 0 },
      },
    });
    await run.answer('ApprovePlan', 'approve');
    expect(visitsOf(run, 'Implement')).toBe(1);
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), tools());
    expect(run.state()).toMatchObject({ status: 'succeeded' });
  });

  test('takes what a person asks for to the revision, validates it, and asks again about the new plan', async () => {
    const run = await planned({ gates: 'plan' });
    await run.answer('ApprovePlan', 'request-changes', 'no cache');
    expect(argumentsOf(run, 'RevisePlan')).toMatchObject({ plan: PLAN, comments: [comment('no cache')], round: 1 });
    await run.succeed('RevisePlan', { goal: 'without a cache' });
    await run.succeed('ValidatePlan', review());
    await run.answer('ApprovePlan', 'request-changes', 'no log');
    expect(argumentsOf(run, 'RevisePlan')).toMatchObject({
      comments: [comment('no cache'), comment('no log', 2, 'H2')],
    });
    await run.succeed('RevisePlan', { goal: 'without both' });
    await run.succeed('ValidatePlan', review());
    expect(new Set(asked(run).map(({ data }) => data.sha256)).size).toBe(3);
    const stale = await run.answer('ApprovePlan', 'approve', '', asked(run)[0]?.data.sha256);
    expect(stale).toEqual([]);
    await run.answer('ApprovePlan', 'approve', '', asked(run).at(-1)?.data.sha256);
    expect(argumentsOf(run, 'Implement')).toMatchObject({ plan: { goal: 'without both' } });
    expect(visitsOf(run, 'Plan')).toBe(1);
  });

  test('ends the run where a person says no', async () => {
    const run = await planned({ gates: 'plan' });
    await run.answer('ApprovePlan', 'reject', 'not this quarter');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.Rejected', cause: 'not this quarter' });
    expect(visitsOf(run, 'Implement')).toBe(0);
  });

  test.each(['human', 'fail'])(
    'gives who asks for changes in the last round one more (escalation %s)',
    async (escalation) => {
      const run = await planned({ gates: 'plan', maxRounds: 1, escalation });
      await run.answer('ApprovePlan', 'request-changes', 'shorter');
      expect(argumentsOf(run, 'RevisePlan')).toMatchObject({ comments: [comment('shorter')], round: 1 });
      await run.succeed('RevisePlan', { goal: 'short' });
      await run.succeed('ValidatePlan', review());
      expect(shown(run)).toMatchObject({ title: 'Approve the plan', plan: { goal: 'short' }, round: 2 });
      await run.answer('ApprovePlan', 'approve');
      expect(visitsOf(run, 'Implement')).toBe(1);
    },
  );

  test('gives no rounds beyond the one that a person asked for', async () => {
    const run = await planned({ gates: 'plan', maxRounds: 1, escalation: 'fail' });
    await run.answer('ApprovePlan', 'request-changes', 'shorter');
    await run.succeed('RevisePlan', { goal: 'short' });
    await run.succeed('ValidatePlan', review({ alignment: 5 }));
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.NotConverged' });
  });

  test('is nothing that advice can go past', async () => {
    const moves = async (gates: string): Promise<readonly string[]> => {
      if (!parsed.ok) throw new Error('the shipped document has findings');
      const { document } = parsed;
      const run = scenario({ ...document, decisions: { at: document.decisions?.at ?? [], mode: 'llm' } }, false);
      await run.start({ requirements: 'Make a table.', gates });
      await run.succeed('Plan', PLAN);
      await run.succeed('ValidatePlan', review({ alignment: 3 }));
      return run.eventsOf('AdviceRequested')[0]?.data.question.moves.map(({ id }) => id) ?? [];
    };
    expect(await moves('none')).toContain('go:Implement');
    const gated = await moves('plan');
    expect(gated).toContain('go:RevisePlan');
    expect(gated).not.toContain('go:Implement');
  });
});

describe('a gate at the code', () => {
  test('waits before the end, and a person sends the code back', async () => {
    const gated = await coded({ gates: 'code' });
    await gated.answer('ApproveCode', 'request-changes', 'call it total');
    expect(argumentsOf(gated, 'RefineCode')).toMatchObject({
      code: code('first'),
      comments: [comment('call it total')],
    });
    await gated.succeed('RefineCode', code('second'));
    await validate(gated, 'Again', review(), review(), tools());
    expect(shown(gated)).toMatchObject({
      code: code('second'),
      round: 2,
      panel: { rounds: [{ round: 1 }, { round: 2 }] },
    });
    await gated.answer('ApproveCode', 'approve');
    expect(gated.state()).toMatchObject({ status: 'succeeded', output: { rounds: { plan: 1, code: 2 } } });
    expect([visitsOf(gated, 'Implement'), visitsOf(gated, 'ApprovePlan')]).toEqual([1, 0]);
  });

  test('gives who asks for changes in the last round one more', async () => {
    const gated = await coded({ gates: 'code', maxRounds: 1 });
    await gated.answer('ApproveCode', 'request-changes', 'call it total');
    expect(argumentsOf(gated, 'RefineCode')).toMatchObject({ comments: [comment('call it total')], round: 1 });
    await gated.succeed('RefineCode', code('second'));
    await validate(gated, 'Again', review(), review(), tools());
    await gated.answer('ApproveCode', 'approve');
    expect(gated.state()).toMatchObject({ status: 'succeeded', output: { rounds: { code: 2 } } });
  });

  test('is asked with the policy of the run', async () => {
    const approval = { approvers: ['role:approver'], count: 2, excludeSubmitter: true };
    const run = await coded({ gates: 'code', approval });
    expect(asked(run)[0]?.data.approval?.policy).toEqual(approval);
    expect(await run.answer('ApproveCode', 'approve')).toEqual([]);
  });
});

describe('out of rounds', () => {
  async function stuckPlan(input = {}): Promise<Scenario> {
    const run = await begin({ maxRounds: 1, ...input });
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review({ alignment: 5 }));
    return run;
  }
  async function stuckCode(): Promise<Scenario> {
    const run = await planned({ maxRounds: 1 });
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), tools('tests'));
    return run;
  }

  test('a person is asked with the whole story, and may take the plan as it is', async () => {
    const run = await stuckPlan();
    expect(shown(run)).toMatchObject({
      plan: PLAN,
      thresholds: { alignment: 9 },
      panel: { rounds: [{ round: 1, scores: { alignment: 5 } }], failures: [], spent: { usd: 0 } },
    });
    await run.answer('EscalatePlan', 'approve');
    expect(visitsOf(run, 'Implement')).toBe(1);
  });

  test('a person gives one more round with a comment, each time', async () => {
    const run = await stuckPlan();
    for (const round of [1, 2]) {
      await run.answer('EscalatePlan', 'request-changes', `try ${round}`);
      expect(argumentsOf(run, 'RevisePlan')).toMatchObject({ round });
      await run.succeed('RevisePlan', PLAN);
      await run.succeed('ValidatePlan', review({ alignment: 5 }));
    }
    expect(shown(run)).toMatchObject({ round: 3, comments: [comment('try 1'), comment('try 2', 2, 'H2')] });
    await run.answer('EscalatePlan', 'reject', 'enough');
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'Baton.NotConverged',
      cause: expect.stringContaining('in 3 rounds'),
    });
  });

  test('a person may take code that a tool fails, or give one more round, or end it', async () => {
    const taken = await stuckCode();
    expect(shown(taken)).toMatchObject({ toolReport: tools('tests'), panel: { rounds: [{ round: 1 }] } });
    await taken.answer('EscalateCode', 'approve');
    expect(taken.state()).toMatchObject({ status: 'succeeded', output: { toolReport: { passed: false } } });

    const again = await stuckCode();
    await again.answer('EscalateCode', 'request-changes', 'mend the tests');
    expect(argumentsOf(again, 'RefineCode')).toMatchObject({ comments: [comment('mend the tests')] });
    await again.succeed('RefineCode', code('second'));
    await validate(again, 'Again', review(), review(), tools());
    expect(again.state()).toMatchObject({ status: 'succeeded' });

    const ended = await stuckCode();
    await ended.answer('EscalateCode', 'reject');
    expect(ended.state()).toMatchObject({ status: 'failed', error: 'Baton.NotConverged' });
  });
});

describe('code that could not be tried out', () => {
  async function unsure(input = {}): Promise<Scenario> {
    const run = await planned(input);
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), untried);
    return run;
  }

  test.each([{}, { gates: 'code', escalation: 'fail' }, { gates: 'both' }])(
    'is put before a person at once: %j',
    async (input) => {
      const run = await planned(input);
      if ('gates' in input && input.gates === 'both') await run.answer('ApprovePlan', 'approve');
      await run.succeed('Implement', code('first'));
      await validate(run, '', review(), review(), untried);
      expect(shown(run)).toMatchObject({
        title: 'The code could not be tried out, so it did not pass',
        toolReport: untried,
      });
      expect(visitsOf(run, 'RefineCode')).toBe(0);
      await run.answer('EscalateCode', 'approve');
      expect(run.state()).toMatchObject({ status: 'succeeded', output: { toolReport: { passed: false } } });
    },
  );

  test('is refined where the person asks for it, and is nothing that advice can finish', async () => {
    const run = await unsure();
    await run.answer('EscalateCode', 'request-changes', 'make it smaller');
    expect(argumentsOf(run, 'RefineCode')).toMatchObject({ comments: [comment('make it smaller')] });

    if (!parsed.ok) throw new Error('the shipped document has findings');
    const { document } = parsed;
    const advised = scenario({ ...document, decisions: { at: document.decisions?.at ?? [], mode: 'hybrid' } }, false);
    await advised.start({ requirements: 'Make a table.' });
    await advised.succeed('Plan', PLAN);
    await advised.succeed('ValidatePlan', review());
    await advised.succeed('Implement', code('first'));
    await validate(advised, '', review(), review(), untried);
    const question = advised.eventsOf('AdviceRequested').at(-1)?.data.question;
    expect(question?.blocked).toContainEqual({
      move: expect.objectContaining({ id: 'go:Deliver' }),
      reason: 'tests did not run, so nothing is known to pass',
    });
  });
});

describe('what is at odds is on record', () => {
  const last = (run: Scenario) => run.eventsOf('DecisionMade').at(-1)?.data.decision;

  test('a verdict that its scores do not bear out', async () => {
    const run = await begin();
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review({ alignment: 5 }));
    expect(last(run)?.reasons).toContain('the verdict is good while alignment is below its threshold');
  });

  test('readers that are far apart, and each word beside that of the tools', async () => {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    const judgedBy = { template: 'step5a', version: '1.2.0', variant: 'strict', model: 'some-model' };
    await validate(run, '', { ...review({ alignment: 5 }), judgedBy }, review(), tools('tests'));
    expect(last(run)?.reasons).toContain('the validators differ on alignment: 5 and 9');
    expect(last(run)?.facts).toMatchObject({
      failingTools: ['tests'],
      judges: [
        { judge: 'Level1Validation', template: 'step5a@1.2.0', variant: 'strict', model: 'some-model', passes: true },
        { judge: 'Level1Standardization', passes: true },
      ],
    });
  });
});
