import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differencesOf } from '../../backtest/replay-decisions.js';
import { documentOf, RUN_ID, readBack, type Scenario, START_MS, scenario, task } from '../../testing/scenario.js';

/* `recovery.then: human`: whatever a task failed with, in whatever mode, a person decides before it is given up. */

const MODES = ['programmatic', 'llm', 'hybrid', 'shadow'] as const;
const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }];
// biome-ignore lint/suspicious/noThenProperty: the name that the document has for what follows a recovery
const THEN_HUMAN: JsonObject = { then: 'human' };
const Sorry = { Type: 'Pass', End: true };

const asked = (run: Scenario) => run.eventsOf('TaskScheduled').filter(({ data }) => data.question !== undefined);
const lastAsked = (run: Scenario) => asked(run).at(-1)?.data.question;
const advise = (run: Scenario, move: string) => {
  const output: Json = { move, rationale: 'as I see it', confidence: 0.7, concerns: [] };
  return run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
};
const isAdvised = (run: Scenario): boolean =>
  run.open().some(({ queue, commandId }) => {
    const state = run.state();
    return queue === 'worker-advisor' && state.status !== 'new' && state.commands.has(commandId);
  });

const started = async (Work: JsonObject, recovery: JsonObject, mode = 'programmatic'): Promise<Scenario> => {
  const run = scenario(documentOf({ Work, ...('Catch' in Work ? { Sorry } : {}) }, { decisions: { mode, recovery } }));
  await run.start();
  return run;
};

describe('where a person decides about what failed for good', () => {
  test('the person is shown what failed, may try it again in any way, and approving tries it again', async () => {
    const run = await started(task({ Catch }), THEN_HUMAN);
    await run.fail('Work', 'Weather', 'rain', false);
    expect(asked(run).at(-1)?.data.arguments).toMatchObject({
      title: 'What shall follow at Work?',
      failure: { error: 'Weather', cause: 'rain' },
      proposed: { id: 'retry:same' },
    });
    expect(lastAsked(run)?.moves.map(({ id }) => id)).toEqual([
      'retry:extended_timeout',
      'retry:escalate_model',
      'retry:reduced_scope',
      'retry:same',
      'by-hand',
      'catch:1',
      'fail',
    ]);
    await run.answer('Work', 'approve');
    await run.fail('Work', 'Weather', 'rain', false);
    await run.answer('Work', 'approve', '', undefined, 'catch:1');
    expect(run.state()).toMatchObject({ status: 'succeeded', output: { Error: 'Weather' } });
    expect(run.eventsOf('DecisionMade').map(({ data }) => [data.decision.source, data.decision.actionType])).toEqual(
      [
        ['programmatic', 'request_human'],
        ['human', 'retry_with_recovery'],
        ['programmatic', 'request_human'],
        ['human', 'invoke_agent'],
      ].map(([source, action]) => [source, action === 'invoke_agent' ? expect.any(String) : action]),
    );
  });

  test('a rejection gives the task up', async () => {
    const run = await started(task({ Catch }), THEN_HUMAN);
    await run.fail('Work', 'Weather');
    await run.answer('Work', 'reject', 'let it be');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Weather' });
  });

  test('an answer of a person is not put before a person again', async () => {
    const run = await started(task({ Resource: 'baton:approval', Arguments: { title: 'Go?' } }), THEN_HUMAN);
    await run.answer('Work', 'reject', 'no');
    expect(run.state()).toMatchObject({ status: 'failed', error: 'Baton.Rejected' });
  });

  test('advice may try it again and may not give it up', async () => {
    const run = await started(task({ Catch }), { strategies: ['same'], ...THEN_HUMAN }, 'llm');
    await run.fail('Work', 'Weather');
    await advise(run, 'fail');
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      source: 'programmatic_fallback',
      adviceRejected: 'fail may not be taken: a person decides before the task is given up',
      recoveryStrategy: 'same',
    });
    await run.fail('Work', 'Weather');
    expect(lastAsked(run)?.moves.map(({ id }) => id)).toContain('fail');
  });

  test('a person whom advice asks in has every move', async () => {
    const run = await started(task({ Catch }), { strategies: ['same'], ...THEN_HUMAN }, 'llm');
    await run.fail('Work', 'Weather');
    await advise(run, 'human');
    expect(lastAsked(run)?.moves.map(({ id }) => id)).toEqual(expect.arrayContaining(['catch:1', 'fail']));
  });

  test('a policy that does nothing is refused', () => {
    expect(() => documentOf({ Work: task() }, { decisions: { recovery: {} } })).toThrow('name a strategy');
  });
});

const errors = ['Weather', 'States.Timeout', 'Baton.InvalidInput', 'Baton.ModelRefused', 'Baton.BudgetExhausted'];

test('any task that fails for good reaches a person in every mode, and its log gives the same decisions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...MODES),
      fc.subarray(['same', 'extended_timeout', 'escalate_model', 'reduced_scope', 'alternate_template']),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom<JsonObject>(
        {},
        { Catch },
        { Resource: 'baton:worker:own-kind' },
        { Arguments: '{% $missing %}', Catch },
        { Retry: [{ ErrorEquals: ['Weather'], IntervalSeconds: 1, MaxAttempts: 1 }] },
      ),
      fc.array(
        fc.tuple(
          fc.constantFrom(...errors),
          fc.boolean(),
          fc.constantFrom('fail', 'catch:1', 'human', 'retry:same', 'x'),
        ),
        {
          minLength: 12,
          maxLength: 12,
        },
      ),
      async (mode, strategies, most, over, failures) => {
        const run = await started(task(over), { strategies, most, ...THEN_HUMAN }, mode);
        for (const [error, isRetryable, advice] of failures) {
          if (asked(run).length > 0) break;
          if (isAdvised(run)) await advise(run, advice);
          else await run.fail('Work', error, 'because', isRetryable);
        }
        expect(run.state().status).toBe('running');
        expect(asked(run)).toHaveLength(1);
        expect(lastAsked(run)?.moves.map(({ id }) => id)).toContain('fail');
        const recorded = readBack(run.log()).map((event, index) => ({
          ...{ event, version: index + 1 },
          recordedAt: new Date(START_MS).toISOString(),
        }));
        expect((await differencesOf(RUN_ID, recorded)).differences).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
