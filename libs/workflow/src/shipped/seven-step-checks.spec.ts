import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../testing/scenario.js';
import { argumentsOf, begin, code, PLAN, planned, rationales, review, tools, validate } from '../testing/seven-step.js';

const workspace = { tree: 'a'.repeat(64) };
const found = (hash: string, ...failing: string[]): JsonObject => ({ ...tools(...failing), findingsHash: hash });
const asked = (run: Scenario) =>
  run
    .eventsOf('TaskScheduled')
    .filter(({ data }) => data.resource === 'baton:approval')
    .map(({ data }) => data.arguments);
const states = (run: Scenario): readonly string[] => run.eventsOf('StateEntered').map(({ data }) => data.state);

describe('what failed before the run began', () => {
  const findings = [{ file: 'old.ts', line: 3, message: 'TS2322: old' }];
  const lint = { tool: 'lint', status: 'failed', findings, findingIds: ['f1'], isComplete: true };
  const report = {
    ...tools('lint'),
    tools: [
      { ...lint, exitCode: 1 },
      { tool: 'tests', status: 'passed' },
    ],
  };

  async function checked(answer: JsonObject): Promise<Scenario> {
    const run = await begin({ workspace });
    expect(argumentsOf(run, 'CheckBase')).toEqual({
      tools: true,
      language: 'typescript',
      files: [],
      testCommand: '',
      writtenBy: 'input',
      workspace: { base: workspace.tree, tree: workspace.tree },
    });
    await run.succeed('CheckBase', answer);
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review());
    return run;
  }

  test('is found by a check of the given state, and told to programmer, tools and readers', async () => {
    const run = await checked(report);
    const told = { knownFailures: [lint] };
    expect(argumentsOf(run, 'Implement')).toMatchObject(told);
    await run.succeed('Implement', code('x'));
    expect(argumentsOf(run, 'Level2Tools')).toMatchObject(told);
    await run.succeed('Level2Tools', tools('tests'));
    expect(argumentsOf(run, 'Level1Validation')).toMatchObject(told);
    await run.succeed('Level1Validation', review());
    await run.succeed('Level1Standardization', review());
    expect(argumentsOf(run, 'RefineCode')).toMatchObject(told);
  });

  test('is nothing where all passed', async () => {
    expect(argumentsOf(await checked(tools()), 'Implement')).toMatchObject({ knownFailures: [] });
  });

  test('is not known where the check of the given state took too long, and the run goes on', async () => {
    const run = await begin({ workspace });
    await run.expire('CheckBase');
    await run.expire('CheckBase');
    await run.expire('CheckBase');
    await run.succeed('Plan', PLAN);
    await run.succeed('ValidatePlan', review());
    expect(argumentsOf(run, 'Implement')).toMatchObject({ knownFailures: [] });
  });

  describe('and what cannot run at all', () => {
    const unableReason = 'lint did not run, and what was not run did not pass. Install it.';
    const unable = { ...tools('lint'), unable: ['lint'], unableReason };

    async function checkedBase(input: JsonObject, answer: JsonObject = unable): Promise<Scenario> {
      const run = await begin({ workspace, ...input });
      await run.succeed('CheckBase', answer);
      return run;
    }

    test('is asked about before anything is paid for, by the name of the check and with what to do', async () => {
      const run = await checkedBase({});
      expect(states(run)).not.toContain('Plan');
      expect(asked(run)).toMatchObject([
        {
          title: 'The workspace cannot be judged here: lint cannot run',
          question: unableReason,
          toolReport: { unable: ['lint'] },
        },
      ]);
      await run.answer('EscalateBase', 'approve');
      expect(states(run)).toContain('Plan');
    });

    test('is run again where the person mended it', async () => {
      const run = await checkedBase({});
      await run.answer('EscalateBase', 'request-changes', 'installed');
      await run.succeed('CheckBase', tools());
      expect(asked(run)).toHaveLength(1);
      expect(states(run)).toContain('Plan');
    });

    test.each([
      ['a rejection', {}, true],
      ['the policy of the run', { escalation: 'fail' }, false],
    ])('ends the run by %s, and the cause says the same', async (_, input, isRejected) => {
      const run = await checkedBase(input);
      if (isRejected) await run.answer('EscalateBase', 'reject', 'no');
      expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.NotPassed', cause: unableReason });
      expect(states(run)).not.toContain('Plan');
    });

    test('is nothing in the reports of validators of before', async () => {
      const { unable: _, unableReason: __, ...before } = unable;
      expect(states(await checkedBase({}, before))).toContain('Plan');
    });
  });

  test('is not asked for where there is no workspace', async () => {
    expect(states(await begin())).not.toContain('CheckBase');
  });
});

describe('what does not compile', () => {
  test('goes back without a review, and the record says so and has no scores', async () => {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    await run.succeed('Level2Tools', found('h1', 'types'));
    expect(states(run)).not.toContain('ValidateCode');
    expect(argumentsOf(run, 'RefineCode')).toMatchObject({ reviews: [], toolReport: { failing: ['types'] }, round: 1 });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      point: { kind: 'choice', state: 'CodeConverged' },
      classification: 'standard',
      target: 'RefineCode',
      phase: 'code',
      round: 1,
      scores: null,
      rationale:
        'types failed; types must pass before anybody reads the code, so no reader was asked; round 1 of 5: RefineCode follows',
      facts: { failingTools: ['types'], unscored: expect.stringContaining('no reader was asked') },
    });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision.facts).not.toHaveProperty('judges');
  });

  test('is read once it compiles, and its scores are those of the round that was read', async () => {
    const run = await planned();
    await run.succeed('Implement', code('first'));
    await run.succeed('Level2Tools', found('h1', 'parse'));
    await run.succeed('RefineCode', code('second'));
    await validate(run, 'Again', review(), review(), tools());
    expect(run.state()).toMatchObject({
      status: 'succeeded',
      output: { rounds: { plan: 1, code: 2 }, scores: { code: { alignment: 9 } } },
      scores: [{ phase: 'plan' }, { phase: 'code', round: 2 }],
    });
  });

  test('goes back unread in a later round, too, and the scores of the round before do not count', async () => {
    const run = await planned({ maxRounds: 2, escalation: 'fail' });
    await run.succeed('Implement', code('first'));
    await validate(run, '', review(), review(), tools('tests'));
    await run.succeed('RefineCode', code('second'));
    await run.succeed('Level2ToolsAgain', found('h2', 'parse'));
    expect(run.state()).toMatchObject({
      status: 'failed',
      error: 'Baton.NotConverged',
      cause: expect.stringContaining('nobody read the last one'),
    });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision.scores).toBeNull();
  });

  test('is what the submitter says it is', async () => {
    const run = await planned({ blockingChecks: ['lint'] });
    await run.succeed('Implement', code('first'));
    await run.succeed('Level2Tools', found('h1', 'types'));
    expect(argumentsOf(run, 'Level1Validation')).toMatchObject({ round: 1 });
  });
});

describe('the same findings twice in a row', () => {
  async function twice(input: JsonObject, ...hashes: readonly string[]): Promise<Scenario> {
    const run = await planned(input);
    await run.succeed('Implement', code('0'));
    for (const [index, hash] of hashes.entries()) {
      const suffix = index === 0 ? '' : 'Again';
      if (index > 0) await run.succeed('RefineCode', code(String(index)));
      await validate(run, suffix, review(), review({ alignment: index }), found(hash, 'tests'));
    }
    return run;
  }

  test('end the loop with a person, and the record says why', async () => {
    const run = await twice({}, 'h1', 'h1');
    expect(asked(run).at(-1)).toMatchObject({
      title: 'The tools found the same twice in a row, so another round would not help',
    });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      classification: 'complex',
      actionType: 'request_human',
      reasons: expect.arrayContaining(['the tools found the same as in the round before']),
      facts: { standstill: 'the tools found the same as in the round before' },
    });
  });

  test('fail the run where nobody is to be asked', async () => {
    const run = await twice({ escalation: 'fail' }, 'h1', 'h1');
    expect(run.state()).toMatchObject({
      error: 'Baton.NotConverged',
      cause: expect.stringContaining('The tools found the same twice in a row.'),
    });
  });

  test('and the same after something else in between is another round', async () => {
    const run = await twice({}, 'h1', 'h2', 'h1');
    expect(rationales(run).at(-1)).toContain('RefineCode follows');
  });

  test('are asked about again where a person sent them back and nothing came of it', async () => {
    const run = await twice({}, 'h1', 'h1');
    await run.answer('EscalateCode', 'request-changes', 'look at the fixture');
    await run.succeed('RefineCode', code('2'));
    await validate(run, 'Again', review(), review(), found('h1', 'tests'));
    expect(asked(run)).toMatchObject([{ round: 2 }, { round: 3 }]);
  });
});
