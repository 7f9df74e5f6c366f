import type { Json, JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentOf, type Scenario, scenario, task } from '../../testing/scenario.js';

const decisionsOf = (run: Scenario) => run.eventsOf('DecisionMade').map(({ data }) => data.decision);
const advise = (run: Scenario, output: Json) =>
  run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
const advice = (move: string) => ({ move, rationale: 'because of the facts', confidence: 0.8, concerns: [] });
const movesOf = (run: Scenario): readonly string[] =>
  run
    .eventsOf('AdviceRequested')
    .at(-1)
    ?.data.question.moves.map(({ id }) => id) ?? [];

describe('a task that failed for good', () => {
  const Work = task({
    TimeoutSeconds: 60,
    Arguments: { what: 'work' },
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }],
  });
  const document = (decisions: JsonObject, steps: JsonObject = {}) =>
    documentOf({ Work, Sorry: { Type: 'Pass', End: true } }, { decisions, steps });
  const steps = { Work: { number: 1, title: 'Work', template: 'one', alternateTemplate: 'two' } };

  test('is tried again as the workflow declares, in a way that fits the error', async () => {
    const run = scenario(document({ recovery: { strategies: ['escalate_model', 'extended_timeout'], most: 2 } }));
    await run.start();
    await run.expire('Work');
    expect(decisionsOf(run)).toMatchObject([
      { actionType: 'retry_with_recovery', recoveryStrategy: 'extended_timeout', target: 'Work' },
    ]);
    const { message, deadline } = run.commandOf('Work');
    expect(message.arguments).toMatchObject({
      what: 'work',
      recovery: { strategy: 'extended_timeout', attempt: 1, previousError: { error: 'States.Timeout' } },
    });
    expect(Date.parse(deadline ?? '') - Date.UTC(2026, 10, 21, 12, 1)).toBe(120_000);
    await run.fail('Work', 'Baton.InvalidOutput');
    expect(run.commandOf('Work').message.arguments).toMatchObject({
      recovery: { strategy: 'escalate_model', attempt: 2 },
    });
    await run.fail('Work', 'Baton.InvalidOutput');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'Baton.InvalidOutput' } });
  });

  test('is tried again with the other template, also where its arguments name the usual one', async () => {
    const named = { ...Work, Arguments: { template: 'own', what: 'work' } };
    const decisions = { recovery: { strategies: ['alternate_template'] } };
    const run = scenario(documentOf({ Work: named, Sorry: { Type: 'Pass', End: true } }, { decisions, steps }));
    await run.start();
    expect(run.commandOf('Work').message.arguments).toMatchObject({ template: 'own' });
    await run.fail('Work', 'Baton.ModelRefused');
    expect(run.commandOf('Work').message.arguments).toMatchObject({ template: 'two', what: 'work' });
    expect(run.eventsOf('TaskScheduled').map(({ data }) => data.template)).toEqual(['own', 'two']);
  });

  test('is tried again as advised, at most twice, and an alternate template is a template', async () => {
    const run = scenario(document({ mode: 'llm' }, steps));
    await run.start();
    await run.fail('Work', 'Weather');
    expect(movesOf(run)).toEqual([
      'catch:1',
      'retry:same',
      'retry:extended_timeout',
      'retry:escalate_model',
      'retry:reduced_scope',
      'human',
      'fail',
    ]);
    await advise(run, advice('retry:reduced_scope'));
    expect(run.commandOf('Work').message).toMatchObject({
      attempt: 2,
      arguments: { template: 'one', recovery: { strategy: 'reduced_scope' } },
    });
    await run.fail('Work', 'Weather');
    await advise(run, advice('retry:same'));
    await run.fail('Work', 'Weather');
    expect(movesOf(run)).toEqual(['catch:1', 'human', 'fail']);
    await advise(run, advice('catch:1'));
    expect(run.state().status).toBe('succeeded');
    const alternate = scenario(document({ recovery: { strategies: ['alternate_template'] } }, steps));
    await alternate.start();
    await alternate.fail('Work', 'Weather');
    expect(alternate.commandOf('Work').message.arguments).toMatchObject({ template: 'two' });
  });

  test('is not tried again in a way that cannot help, nor by a template that is not there', async () => {
    const strategies = ['extended_timeout', 'alternate_template', 'escalate_model'];
    const policy = document({ recovery: { strategies, most: 3 } });
    const tried = async (error: string): Promise<string | undefined> => {
      const run = scenario(policy);
      await run.start();
      await run.fail('Work', error, 'because', false);
      return decisionsOf(run)[0]?.recoveryStrategy ?? undefined;
    };
    expect(await tried('Weather')).toBe('escalate_model');
    expect(await tried('Baton.ModelRefused')).toBe('escalate_model');
    expect(await tried('Baton.InvalidInput')).toBeUndefined();
    expect(await tried('Baton.BudgetExhausted')).toBeUndefined();
  });

  test('because of its own expressions is not sent out in another way', async () => {
    const States = { Work: { ...Work, Arguments: '{% $missing %}' }, Sorry: { Type: 'Pass', End: true } };
    const run = scenario(documentOf(States, { decisions: { recovery: { strategies: ['same'], most: 3 } } }));
    await run.start();
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'States.QueryEvaluationError' } });
    expect(run.eventsOf('DecisionMade')).toHaveLength(1);
  });

  test('that a person gives up on fails for good, past its catchers', async () => {
    const run = scenario(document({ mode: 'llm' }));
    await run.start();
    await run.fail('Work', 'Weather');
    await advise(run, advice('human'));
    await run.answer('Work', 'reject', 'no');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Weather' });
  });
});
