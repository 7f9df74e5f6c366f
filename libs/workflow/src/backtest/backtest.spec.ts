import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { documentOf, RUN_ID, readBack, type Scenario, START_MS, scenario, task } from '../testing/scenario.js';
import { Backtest, type Comparison } from './backtest.js';
import { DecisionPolicy } from './policy.js';
import { differencesOf, type RecordedEvent } from './replay-decisions.js';

const States = {
  Begin: { Type: 'Pass', Assign: { round: 1, limits: { rounds: 3 }, thresholds: { alignment: 9 } }, Next: 'Check' },
  Check: task({ Resource: 'baton:worker:validator', Assign: { score: '{% $states.result %}' }, Next: 'Good' }),
  Good: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $score >= $thresholds.alignment %}', Next: 'Done' },
      { Condition: '{% $round >= $limits.rounds %}', Next: 'Stuck' },
    ],
    Default: 'Refine',
  },
  Refine: task({ Resource: 'baton:worker:programmer', Assign: { round: '{% $round + 1 %}' }, Next: 'Check' }),
  Done: { Type: 'Succeed' },
  Stuck: { Type: 'Fail', Error: 'Stuck' },
};
const phases = [{ name: 'code', states: Object.keys(States) }];
const at = {
  state: 'Good',
  phase: 'code',
  scores: '{% { "alignment": $score } %}',
  thresholds: '{% $thresholds %}',
  round: '{% $round %}',
  maxRounds: '{% $limits.rounds %}',
};

const recorded = (run: Scenario): readonly RecordedEvent[] =>
  readBack(run.log()).map((event, index) => ({
    event,
    version: index + 1,
    recordedAt: new Date(START_MS).toISOString(),
  }));

async function backtest(run: Scenario, policy: DecisionPolicy): Promise<readonly Comparison[]> {
  const test = new Backtest(RUN_ID, policy);
  const found: Comparison[] = [];
  for (const event of recorded(run)) found.push(...(await test.next(event)));
  return [...found, ...test.finish()];
}

/** Rounds of a score each, in a mode, with what an advisor says to each question. */
async function played(
  mode: string,
  scores: readonly number[],
  advice: readonly string[] = [],
  over: JsonObject = {},
  more: JsonObject = {},
) {
  const run = scenario(documentOf(States, { phases, decisions: { mode, at: [{ ...at, ...over }], ...more } }));
  await run.start();
  const said = [...advice];
  for (const [index, score] of scores.entries()) {
    if (index > 0) await run.succeed('Refine', { round: index });
    await run.succeed('Check', score);
    const move = said.shift();
    if (move === undefined) continue;
    const output = { move, rationale: 'as I see it', confidence: 0.7, concerns: [] };
    await run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
  }
  return run;
}

const shortly = (found: readonly Comparison[]) =>
  found.map(({ result, after }) => (after === null ? result : `${result} ${after.target} ${after.source}`));

describe('a log', () => {
  test.each<[string, readonly number[], readonly string[]]>([
    ['programmatic', [5, 7, 9.5], []],
    ['llm', [5, 7, 9.5], ['go:Refine', 'go:Mars', 'go:Done']],
    ['llm', [5], ['go:Done']],
    ['hybrid', [5, 5.1], ['go:Refine']],
    ['shadow', [5, 9.5], ['human']],
  ])('in %s mode gives its own decisions again, with no model: %j', async (mode, scores, advice) => {
    const run = await played(mode, scores, mode === 'hybrid' ? [] : advice);
    const { decisions, differences } = await differencesOf(RUN_ID, recorded(run));
    expect(differences).toEqual([]);
    expect(decisions).toBe(run.eventsOf('DecisionMade').length);
    expect(decisions + run.eventsOf('AdviceRequested').length).toBeGreaterThan(0);
    expect(new Set((await backtest(run, {})).map(({ result }) => result))).toEqual(new Set(['same']));
  });

  test("with a person's word and a failed task gives its decisions again, too", async () => {
    const run = await played('llm', [5], ['human']);
    await run.answer('Good', 'approve', 'go on');
    await run.fail('Refine', 'Baton.InvalidOutput', 'no code', false);
    const output = { move: 'retry:same', rationale: 'again', confidence: 0.5, concerns: [] };
    await run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
    const { decisions, differences } = await differencesOf(RUN_ID, recorded(run));
    expect({ decisions, differences }).toEqual({ decisions: 3, differences: [] });
  });

  test('whose decision was changed afterwards is found out', async () => {
    const forged = recorded(await played('programmatic', [5])).map((each) => {
      if (each.event.type !== 'DecisionMade') return each;
      // The time it took is measured, and nobody can measure it again.
      const decision = { ...each.event.data.decision, target: 'Done', latencyMs: 5 };
      return { ...each, event: { ...each.event, data: { decision } } };
    });
    const { differences } = await differencesOf(RUN_ID, forged);
    expect(differences).toMatchObject([
      'event 10, choice at Good: the log has target "Done", the state gives "Refine"',
    ]);
  });
});

test('a limit that a policy does not name stays what it was in the run', async () => {
  const run = await played('hybrid', [5, 5.1], [], {}, { limits: { errors: 2, drop: 1, gain: 0.05, spread: 3 } });
  expect(shortly(await backtest(run, { limits: { spread: 2 } }))).toEqual([
    'same Refine programmatic',
    'same Refine programmatic',
  ]);
  expect(shortly(await backtest(run, { limits: { gain: 0.3 } }))).toEqual(['same Refine programmatic', 'would-ask']);
});

describe('a change of phase', () => {
  const phased = (mode: string) =>
    documentOf(
      { A: task({ Next: 'B' }), B: task() },
      {
        phases: [
          { name: 'one', states: ['A'] },
          { name: 'two', states: ['B'] },
        ],
        decisions: { mode },
      },
    );
  const start = async (mode: string) => {
    const run = scenario(phased(mode));
    await run.start();
    await run.succeed('A');
    return run;
  };
  const advise = (run: Scenario, move: string) => {
    const output = { move, rationale: 'as I see it', confidence: 0.7, concerns: [] };
    return run.when({ type: 'CompleteTask', commandId: run.advisor().commandId, output });
  };

  test('follows another mode, with the advice that is on record', async () => {
    const plain = await start('programmatic');
    expect(shortly(await backtest(plain, {}))).toEqual(['same B programmatic']);
    expect(shortly(await backtest(plain, { mode: 'llm' }))).toEqual(['would-ask']);
    const shadow = await start('shadow');
    await advise(shadow, 'fail');
    expect(shortly(await backtest(shadow, { mode: 'llm' }))).toEqual(['other-move null llm_override']);
    const asked = await start('llm');
    await advise(asked, 'fail');
    expect(shortly(await backtest(asked, {}))).toEqual(['same null llm_override']);
    expect(shortly(await backtest(asked, { mode: 'programmatic' }))).toEqual(['other-move B programmatic']);
  });
});

describe('a policy', () => {
  test('with another threshold changes the rule, and marks what lies beyond the first difference', async () => {
    const found = await backtest(await played('programmatic', [5, 7, 9.5]), { thresholds: { alignment: 7 } });
    expect(shortly(found)).toEqual([
      'same Refine programmatic',
      'other-move Done programmatic',
      'same Done programmatic',
    ]);
    expect(found.map(({ isBeyondDifference }) => isBeyondDifference)).toEqual([false, false, true]);
    expect(found[1]?.after?.rationale).toContain('alignment 7 of 7');
  });

  test('with fewer rounds ends earlier, and says that the last round is a complex point', async () => {
    const found = await backtest(await played('programmatic', [5, 7]), { maxRounds: 2 });
    expect(found[1]).toMatchObject({ result: 'other-move', after: { target: 'Stuck', classification: 'complex' } });
  });

  test('that wants advice where none is on record says so, and only there', async () => {
    const run = await played('programmatic', [5, 5.1]);
    expect(shortly(await backtest(run, { mode: 'llm' }))).toEqual(['would-ask', 'would-ask']);
    expect(shortly(await backtest(run, { mode: 'hybrid' }))).toEqual(['same Refine programmatic', 'would-ask']);
    expect(shortly(await backtest(run, { mode: 'shadow' }))).toEqual(Array(2).fill('same Refine programmatic'));
  });

  test('that follows advice uses what an advisor said in shadow, also at the end of the log', async () => {
    const run = await played('shadow', [5, 7], ['go:Done', 'go:Refine']);
    expect(shortly(await backtest(run, { mode: 'llm' }))).toEqual([
      'other-move Done llm_override',
      'same Refine programmatic',
    ]);
    const silent = await played('shadow', [5]);
    expect(shortly(await backtest(silent, { mode: 'llm' }))).toEqual(['would-ask']);
  });

  test('without advice follows the rule where advice had the word', async () => {
    const found = await backtest(await played('llm', [5], ['go:Done']), { mode: 'programmatic' });
    expect(found).toMatchObject([
      { result: 'other-move', before: { target: 'Done', source: 'llm_override' }, after: { target: 'Refine' } },
    ]);
  });

  test('with a recovery changes what is done about a failed task', async () => {
    const run = await played('programmatic', [5]);
    await run.fail('Refine', 'States.Timeout', 'late', false);
    const [, failed] = await backtest(run, { recovery: { strategies: ['extended_timeout'], most: 1 } });
    expect(failed).toMatchObject({
      point: { kind: 'task-failed', state: 'Refine' },
      result: 'other-move',
      before: { actionType: 'fail' },
      after: { actionType: 'retry_with_recovery', recoveryStrategy: 'extended_timeout' },
    });
  });

  test('cannot be applied where the threshold is written into the workflow, and says so', async () => {
    for (const mode of ['programmatic', 'shadow']) {
      const run = await played(mode, [5], [], { thresholds: '{% { "alignment": 9 } %}' });
      expect(await backtest(run, { thresholds: { alignment: 5 } })).toMatchObject([
        { result: 'not-replayed', after: null, note: expect.stringContaining('thresholds of Good is no variable') },
      ]);
    }
  });

  test.each<[string, JsonObject, string, string]>([
    ['a threshold that nothing reaches', { thresholds: { alignment: 11 } }, 'thresholds.alignment', 'nothing ever'],
    ['a threshold below all scores', { thresholds: { alignment: -1 } }, 'thresholds.alignment', 'everything'],
    ['an unknown mode', { mode: 'magic' }, 'mode', 'expected one of'],
    ['no round at all', { maxRounds: 0 }, 'maxRounds', 'at least one round'],
    ['something it cannot replay', { classify: {} }, '', 'classify'],
  ])('with %s is refused', (_what, policy, path, message) => {
    const [issue] = DecisionPolicy.safeParse(policy).error?.issues ?? [];
    expect(issue?.path.join('.')).toBe(path);
    expect(issue?.message).toContain(message);
  });
});
