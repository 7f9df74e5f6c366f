import { expect, test } from 'vitest';
import { begin, code, PLAN, planned, review, tools } from '../testing/seven-step.js';
import { isLanguageModel, modeOfRun } from './mode-of-run.js';

test('auto is hybrid where a model has answered, and programmatic where none has; all else is what it says', () => {
  expect(modeOfRun({ decisionMode: 'auto', hasModelAnswered: true })).toBe('hybrid');
  expect(modeOfRun({ decisionMode: 'auto', hasModelAnswered: false })).toBe('programmatic');
  for (const decisionMode of ['programmatic', 'llm', 'hybrid', 'shadow'] as const)
    for (const hasModelAnswered of [true, false])
      expect(modeOfRun({ decisionMode, hasModelAnswered })).toBe(decisionMode);
});

test('a script and a tool are no language model', () => {
  expect(['offline', undefined, 'claude-opus-5-5'].map(isLanguageModel)).toEqual([false, false, true]);
});

/** A plan whose review says pass and whose scores do not: no ordinary point. */
const odd = review({ alignment: 5 });

test('the shipped workflow asks an advisor where a model works, from the log alone', async () => {
  const run = await begin();
  await run.succeed('Plan', PLAN, { model: 'claude-opus-5-5' });
  await run.succeed('ValidatePlan', odd, { model: 'claude-sonnet-5-5' });
  expect(run.eventsOf('AdviceRequested')).toHaveLength(1);
  expect(run.eventsOf('RunStarted')[0]?.data.decisionMode).toBe('auto');
});

test('and follows the rules where the offline model works', async () => {
  const run = await begin();
  await run.succeed('Plan', PLAN, { model: 'offline' });
  await run.succeed('ValidatePlan', odd, { model: 'offline' });
  expect(run.eventsOf('AdviceRequested')).toHaveLength(0);
  expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
    source: 'programmatic',
    target: 'RevisePlan',
  });
});

test('an advisor that does not answer costs its time and stops nothing', async () => {
  const run = await planned();
  await run.succeed('Implement', code('x'), { model: 'claude-opus-5-5' });
  await run.succeed('Level2Tools', tools('tests'));
  await run.succeed('Level1Validation', review());
  await run.succeed('Level1Standardization', review());
  expect(run.eventsOf('AdviceRequested')).toHaveLength(1);
  await run.expire('CodeConverged');
  expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject({
    source: 'programmatic_fallback',
    target: 'RefineCode',
  });
});
