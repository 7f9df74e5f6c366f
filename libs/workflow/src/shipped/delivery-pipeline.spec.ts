import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import shipped from '../../../../workflows/delivery-pipeline.yaml?raw';
import { begin, ended } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';
import { argumentsOf, code, PLAN, tools, untried } from '../testing/seven-step.js';

const analysis = { summary: 'A table.', demands: ['It has rows.', 'It has columns.'], risks: [] };
const release = { summary: 'A table.', rollout: ['Copy it.'], watch: [], rollback: 'Delete it.' };

async function implemented(input: JsonObject = {}): Promise<Scenario> {
  const run = await begin(shipped, { goal: 'Make a table.', ...input });
  await run.succeed('Analyze', analysis);
  await run.succeed('Design', PLAN);
  await run.succeed('Implement', code('first'));
  return run;
}

test('goes from the goal to a release, each stage made from the ones before it', async () => {
  const run = await implemented();
  expect(argumentsOf(run, 'Test')).toMatchObject({ tools: true, files: code('first').files });
  await run.succeed('Test', tools('tests'));
  expect(argumentsOf(run, 'Repair')).toMatchObject({
    requirements: 'Make a table.\n\n## Demands found by the analysis\n\n- It has rows.\n- It has columns.',
    code: code('first'),
    reviews: [],
    toolReport: tools('tests'),
    round: 1,
  });
  await run.succeed('Repair', code('second'));
  await run.succeed('Test', tools());
  expect(argumentsOf(run, 'Deploy')).toMatchObject({ variables: { analysis, toolReport: tools() } });
  await run.succeed('Deploy', release);
  const files = code('second').files;
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: { files, release, analysis, plan: PLAN, rounds: 2 },
  });
});

test('releases nothing that fails its tests, or that was not run', async () => {
  const failed = await implemented({ maxRounds: 1 });
  await failed.succeed('Test', tools('types'));
  expect(ended(failed)).toMatchObject({
    status: 'failed',
    error: 'Baton.NotConverged',
    cause: 'The code did not pass its tests in 1 round; tools that failed: types.',
  });
  const run = await implemented();
  await run.succeed('Test', untried);
  expect(ended(run)).toMatchObject({ status: 'failed', cause: expect.stringContaining(untried.reason) });
});
