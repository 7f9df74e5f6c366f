import { expect, test } from 'vitest';
import { argumentsOf, begin, code, PLAN, review, tools, validate } from '../testing/seven-step.js';

test('the version that the programmer made goes to the tools, back to the programmer and into the result', async () => {
  const run = await begin({ workspace: { tree: 'a'.repeat(64) } });
  await run.succeed('CheckBase', tools());
  await run.succeed('Plan', PLAN);
  await run.succeed('ValidatePlan', review());
  const made = (tree: string) => ({ base: 'a'.repeat(64), tree: tree.repeat(64) });
  await run.succeed('Implement', { ...code('x'), workspace: made('b') });
  expect(argumentsOf(run, 'Level2Tools')).toMatchObject({ workspace: made('b') });
  await run.succeed('Level2Tools', tools('tests'));
  expect(argumentsOf(run, 'Level1Validation')).toMatchObject({ code: { workspace: made('b') } });
  await run.succeed('Level1Validation', review());
  await run.succeed('Level1Standardization', review());
  expect(argumentsOf(run, 'RefineCode')).toMatchObject({ code: { workspace: made('b') } });
  await run.succeed('RefineCode', { ...code('y'), workspace: made('c') });
  await validate(run, 'Again', review(), review(), tools());
  expect(run.eventsOf('RunSucceeded')[0]?.data.output).toMatchObject({ workspace: made('c') });
});
