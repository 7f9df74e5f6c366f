import { isJsonObject } from '@baton/asl';
import type { Json } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../testing/scenario.js';
import {
  argumentsOf,
  begin,
  code,
  good,
  PLAN,
  parsed,
  planned,
  rationales,
  review,
  tools,
  untried,
  validate,
} from '../testing/seven-step.js';

test('the shipped document has no findings', () => {
  expect(parsed).toMatchObject({ ok: true, findings: [] });
});

describe('what each step is given', () => {
  test('the planner gets the input with its defaults', async () => {
    expect(argumentsOf(await begin(), 'Plan')).toEqual({
      template: 'step1_initial_planner_prompt_template',
      requirements: 'Make a table.',
      workspaceType: 'isolated',
      documentationLocations: [],
      language: 'typescript',
      files: [],
      workspace: null,
      standards: [],
    });
  });

  test('the planner gets what the submitter chose, lists of one included', async () => {
    const chosen = {
      workspaceType: 'shared',
      documentationLocations: ['docs/'],
      language: 'python',
      files: [{ path: 'a.py', content: '' }],
    };
    expect(argumentsOf(await begin(chosen), 'Plan')).toMatchObject(chosen);
  });

  test('each later step gets what the steps before it made', async () => {
    const run = await planned({ thresholds: { alignment: 7 } });
    const thresholds = { alignment: 7, standardization: 8, compatibility: 8 };
    const where = { workspaceType: 'isolated', documentationLocations: [], files: [], workspace: null };
    const around = { ...where, standards: [], knownFailures: [] };
    const shared = { requirements: 'Make a table.', language: 'typescript', plan: PLAN, ...around };
    expect(argumentsOf(run, 'Implement')).toEqual({
      template: 'step4_programmer_prompt_template',
      ...shared,
    });
    await run.succeed('Implement', code('first'));
    const files = [{ path: 'a.ts', content: 'first' }];
    expect(argumentsOf(run, 'Level2Tools')).toEqual({
      tools: true,
      language: 'typescript',
      files,
      testCommand: 'node --test',
      writtenBy: 'offline',
      workspace: null,
      knownFailures: [],
    });
    await run.succeed('Level2Tools', tools('tests'));
    const given = { files, notes: 'none', testCommand: 'node --test', workspace: null };
    expect(argumentsOf(run, 'Level1Validation')).toEqual({
      template: 'step5a_two_level_validation_agent_prompt_template',
      ...shared,
      code: given,
      round: 1,
      thresholds,
    });
    expect(argumentsOf(run, 'Level1Standardization')).toMatchObject({
      template: 'step5b_two_level_standardization_validation_agent_prompt_template',
      code: given,
    });
    await run.succeed('Level1Validation', review());
    await run.succeed('Level1Standardization', review());
    expect(argumentsOf(run, 'RefineCode')).toEqual({
      template: 'step6_code_refinement_programmer_prompt_template',
      ...shared,
      code: code('first'),
      reviews: [review(), review()],
      toolReport: tools('tests'),
      round: 1,
      comments: [],
    });
  });
});

test('every step that judges or writes is told where the work stands and on what', async () => {
  const around = {
    workspaceType: 'shared',
    documentationLocations: ['docs/'],
    files: [{ path: 'old.ts', content: 'old' }],
    workspace: { tree: 'a'.repeat(64), commit: 'b'.repeat(40), ref: 'main', name: 'shop' },
    standards: ['docs/style.md'],
  };
  const run = await begin(around);
  await run.succeed('CheckBase', tools());
  await run.succeed('Plan', PLAN);
  await run.succeed('ValidatePlan', review({ alignment: 3 }));
  await run.succeed('RevisePlan', PLAN);
  await run.succeed('ValidatePlan', review());
  await run.succeed('Implement', code('x'));
  await validate(run, '', review(), review(), tools('tests'));
  await run.succeed('RefineCode', code('y'));
  await validate(run, 'Again', review(), review(), tools());
  const asked = run.eventsOf('TaskScheduled').filter(({ data }) => data.template !== undefined);
  expect(asked).toHaveLength(10);
  for (const { data } of asked) expect(data.arguments).toMatchObject(around);
});

describe('phase 1', () => {
  test('revises the plan until its scores reach the thresholds', async () => {
    const run = await begin();
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review({ alignment: 8.6 }));
    expect(argumentsOf(run, 'RevisePlan')).toMatchObject({ plan: PLAN, review: review({ alignment: 8.6 }), round: 1 });
    await run.succeed('RevisePlan', { goal: 'better' });
    expect(argumentsOf(run, 'ValidatePlan')).toMatchObject({ plan: { goal: 'better' }, round: 2 });
    await run.succeed('ValidatePlan', review({ alignment: 9 }));
    expect(argumentsOf(run, 'Implement')).toMatchObject({ plan: { goal: 'better' } });
    expect(rationales(run)).toEqual([
      'alignment 8.6 is below 9; round 1 of 5: RevisePlan follows',
      'every score reaches its threshold (alignment 9 of 9, standardization 8 of 8, compatibility 8 of 8); round 2 of 5: Implement follows',
    ]);
  });

  test('ends the run when the rounds are used up', async () => {
    const run = await begin({ maxRounds: 2, escalation: 'fail' });
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review({ compatibility: 3 }));
    await run.succeed('RevisePlan', PLAN);
    await run.succeed('ValidatePlan', review({ compatibility: 4 }));
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'Baton.NotConverged',
      cause: expect.stringContaining('in 2 rounds: last scores {"alignment":9,"standardization":8,"compatibility":4}'),
    });
  });
});

describe('phase 2', () => {
  test('ends with the whole story when readers and tools agree', async () => {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review({ standardization: 7 }), tools());
    await run.succeed('RefineCode', code('second'));
    await validate(run, 'Again', review({ alignment: 9.5 }), review(), tools());
    expect(run.state()).toMatchObject({
      status: 'succeeded',
      output: {
        plan: PLAN,
        files: [{ path: 'a.ts', content: 'second' }],
        notes: 'none',
        testCommand: 'node --test',
        language: 'typescript',
        writtenBy: 'offline',
        scores: { plan: good, code: good },
        toolReport: tools(),
        rounds: { plan: 1, code: 2 },
      },
    });
    expect(rationales(run).at(-2)).toBe(
      'standardization 7 is below 8; every tool passed; round 1 of 5: RefineCode follows',
    );
  });

  test('no score overrules a tool that failed', async () => {
    const run = await planned({ maxRounds: 1, escalation: 'fail' });
    await run.succeed('Implement', code('first'));
    const best = { alignment: 10, standardization: 10, compatibility: 10 };
    await validate(run, '', review(best), review(best), tools('lint', 'tests'));
    expect(run.state()).toMatchObject({
      error: 'Baton.NotConverged',
      cause: expect.stringMatching(/in 1 round: .* that failed: lint, tests, left out: none/),
    });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      classification: 'complex',
      reasons: ['every score reaches its threshold while lint and tests failed', 'the last of 1 rounds is reached'],
    });
  });

  test('a report in which nothing ran is no pass', async () => {
    const run = await planned({ maxRounds: 1, escalation: 'fail' });
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), { ...tools(), passed: false, leftOut: ['tests'] });
    expect(run.state()).toMatchObject({ error: 'Baton.NotConverged' });
    expect(rationales(run).at(-1)).toContain('level 2 as a whole did not run');
  });

  test('what was not run did not pass: without a person the run ends at once, and says what did not run and why', async () => {
    const run = await planned({ escalation: 'fail' });
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), untried);
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'Baton.NotConverged',
      cause: expect.stringContaining(untried.reason),
    });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      classification: 'complex',
      actionType: 'fail',
      reasons: expect.arrayContaining(['tests did not run']),
      facts: { failingTools: [], unrunTools: ['tests'] },
    });
  });

  test('a failing tool is mended first, and a score too low is raised first, whatever else did not run', async () => {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), { ...untried, failing: ['lint'], reason: null });
    expect(rationales(run).at(-1)).toContain('lint failed; tests did not run; round 1 of 5: RefineCode follows');
    await run.succeed('RefineCode', code('second'));
    await validate(run, 'Again', review({ alignment: 3 }), review(), untried);
    expect(rationales(run).at(-1)).toContain('RefineCode follows');
  });

  test('the lower score of the two readers counts', async () => {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    await validate(run, '', review({ alignment: 9.8 }), review({ alignment: 8.9 }), tools());
    expect(rationales(run).at(-1)).toContain('alignment 8.9 is below 9');
  });
});

test('each phase counts its own rounds, and its scores are kept', async () => {
  const run = await planned();
  await run.succeed('Implement', code('x'));
  await validate(run, '', review(), review(), tools());
  expect(run.state()).toMatchObject({
    scores: [
      { phase: 'plan', round: 1, scores: good },
      { phase: 'code', round: 1, scores: good },
    ],
  });
});

test('a service that is gone for a while costs a wait, and a model that refuses ends the run', async () => {
  const run = await begin();
  await run.fail('Plan', 'Baton.ModelUnavailable', 'overloaded');
  expect(run.commandOf('Plan').message).toMatchObject({ attempt: 2 });
  await run.fail('Plan', 'Baton.ModelRefused', 'refused', false);
  const brief = 'step1_initial_planner_brief_prompt_template';
  expect(run.commandOf('Plan').message.arguments).toMatchObject({ template: brief });
  await run.fail('Plan', 'Baton.ModelRefused', 'refused', false);
  await run.fail('Plan', 'Baton.ModelRefused', 'refused', false);
  expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.ModelRefused' });
});

describe('a reader that does not answer', () => {
  const recoveries = (run: Scenario, state: string): Json | undefined => {
    const given = argumentsOf(run, state);
    return isJsonObject(given) ? given.recovery : undefined;
  };
  async function reading(): Promise<Scenario> {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    await run.succeed('Level2Tools', tools());
    return run;
  }
  /** How long the task has that was sent out last, at the instant when the one before was late. */
  const secondsOf = (run: Scenario, late: string | null): number =>
    (Date.parse(run.commandOf('Level1Validation').deadline ?? '') - Date.parse(late ?? '')) / 1000;

  test('gets twice the time at once, then a stronger model, and fails after that', async () => {
    const run = await reading();
    const late = run.commandOf('Level1Validation').deadline;
    await run.expire('Level1Validation');
    expect(run.eventsOf('StateRetried')).toEqual([]);
    expect(recoveries(run, 'Level1Validation')).toMatchObject({ strategy: 'extended_timeout', attempt: 1 });
    expect(secondsOf(run, late)).toBe(3600);
    await run.expire('Level1Validation');
    expect(recoveries(run, 'Level1Validation')).toMatchObject({ strategy: 'escalate_model', attempt: 2 });
    await run.expire('Level1Validation');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'States.Timeout' });
  });

  test('of a plan is asked in brief where the long review was refused', async () => {
    const run = await begin();
    await run.succeed('Plan', PLAN);
    await run.fail('ValidatePlan', 'Baton.ModelRefused', 'no', false);
    expect(argumentsOf(run, 'ValidatePlan')).toMatchObject({ template: 'step2_plan_validator_brief_prompt_template' });
  });

  test('by its refusal is asked with the template of the other reader', async () => {
    const run = await reading();
    await run.fail('Level1Validation', 'Baton.ModelRefused', 'no', false);
    expect(argumentsOf(run, 'Level1Validation')).toMatchObject({
      template: 'step5b_two_level_standardization_validation_agent_prompt_template',
      recovery: { strategy: 'alternate_template' },
    });
  });
});
