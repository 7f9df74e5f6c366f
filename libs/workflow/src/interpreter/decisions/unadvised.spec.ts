import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { differencesOf } from '../../backtest/replay-decisions.js';
import { checkedUntilGood } from '../../testing/checked-until-good.js';
import { documentOf, RUN_ID, readBack, type Scenario, START_MS, scenario, task } from '../../testing/scenario.js';

const at = [{ state: 'Good', phase: 'code', scores: '{% { "alignment": $review.score } %}', round: '{% $round %}' }];

async function atPoint(mode: string, over: JsonObject = {}): Promise<Scenario> {
  const run = scenario(
    documentOf(checkedUntilGood, {
      phases: [{ name: 'code', states: ['Check', 'Refine'] }],
      decisions: { mode, at },
      ...over,
    }),
  );
  await run.start();
  const output = { passed: true, score: 12 };
  await run.when({ type: 'CompleteTask', commandId: run.commandOf('Check').commandId, output, model: 'claude-x' });
  return run;
}

const leave = (run: Scenario) => run.when({ type: 'LeaveUnadvised', commandId: run.advisor().commandId });

describe('where no advisor is at work', () => {
  test('a run in the mode auto goes on by its rules, says why, and its log gives the same decisions', async () => {
    const run = await atPoint('auto');
    expect((await leave(run))[0]).toMatchObject({
      type: 'AdviceFailed',
      data: { error: 'Baton.NoAdvisor', cause: 'No advisor is at work.' },
    });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      source: 'programmatic_fallback',
      target: 'Done',
      adviceRejected: 'no advice: Baton.NoAdvisor: No advisor is at work.',
    });
    expect(run.state().status).toBe('succeeded');
    const recorded = readBack(run.log()).map((event, index) => ({
      ...{ event, version: index + 1 },
      recordedAt: new Date(START_MS).toISOString(),
    }));
    expect((await differencesOf(RUN_ID, recorded)).differences).toEqual([]);
  });

  test.each(['hybrid', 'llm'])('a run in the mode %s, which wants advice by name, waits for it', async (mode) => {
    const run = await atPoint(mode);
    expect(await leave(run)).toEqual([]);
    expect(run.advisor()).toBeDefined();
  });

  test('a word of it that comes late, or for another command, changes nothing', async () => {
    const run = await atPoint('auto');
    const { commandId } = run.advisor();
    await run.when({
      type: 'CompleteTask',
      commandId,
      output: { move: 'go:Done', rationale: 'good', confidence: 1, concerns: [] },
    });
    expect(await run.when({ type: 'LeaveUnadvised', commandId })).toEqual([]);
    const asked = scenario(documentOf({ Work: task() }, { decisions: { mode: 'auto' } }));
    await asked.start();
    expect(await asked.when({ type: 'LeaveUnadvised', commandId: asked.commandOf('Work').commandId })).toEqual([]);
  });
});

describe('where nobody may be asked', () => {
  const NOBODY = 'human may not be taken: nobody may be asked in this run';
  const human = { move: 'human', rationale: 'I would ask', confidence: 0.5, concerns: [] };

  test.each<[string, JsonObject]>([
    ['no question of a task', { questions: 'none' }],
    ['an expression that says so', { questions: { when: '{% $review.score < 9 %}' } }],
    ['an expression that fails', { questions: { when: '{% $nothing.at.all %}' } }],
  ])('by %s, no advice brings a person in', async (_, over) => {
    const run = await atPoint('llm', over);
    await run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output: human });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
      source: 'programmatic_fallback',
      adviceRejected: NOBODY,
      target: 'Done',
    });
  });

  test('the same holds for a task that failed for good, and for nobody else', async () => {
    const failed = async (questions: JsonObject): Promise<readonly string[]> => {
      const run = scenario(documentOf({ Work: task() }, { decisions: { mode: 'llm' }, questions }));
      await run.start();
      await run.fail('Work', 'Weather');
      return (
        run
          .eventsOf('AdviceRequested')
          .at(-1)
          ?.data.question.moves.map(({ id }) => id) ?? []
      );
    };
    expect(await failed({ when: '{% false %}' })).not.toContain('human');
    expect(await failed({ when: '{% true %}' })).toContain('human');
  });
});
