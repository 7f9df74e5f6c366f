import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import shipped from '../../../../workflows/ml-pipeline.yaml?raw';
import { begin, ended, variablesOf } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';

const labels = ['no', 'no', 'no', 'yes', null, 'no', 'no', 'no', 'yes', 'yes', 'no', 'no', 'no'];
const rows = labels.map((late, weight): JsonObject => ({ weight, ...(late === null ? {} : { late }) }));
const features = { features: [{ column: 'weight', kind: 'number', why: '' }], leftOut: [] };
const tests = { files: [{ path: 'test/a.test.ts', content: 't' }], testCommand: 'node --test', writtenBy: 'offline' };
const code = { ...tests, files: [...tests.files, { path: 'src/train.ts', content: 'c' }] };
const checked = { passed: true, tools: [], failing: [], notRun: [], reason: null };
const tree = 'a'.repeat(64);
const modelFile = { path: 'model.json', content: '{"depth":1}' };
const trained = { passed: true, reason: null, outputs: { 'model.json': { depth: 1 } }, files: [modelFile], tree };
const predicting = (...predictions: readonly string[]) => ({
  ...{ passed: true, reason: null, files: [], tree },
  outputs: { 'predictions.json': predictions },
});

async function prepared(input: JsonObject): Promise<Scenario> {
  const run = await begin(shipped, { goal: 'Know it.', target: 'late', rows, ...input });
  await run.succeed('CollectData', { columns: [] });
  await run.succeed('EngineerFeatures', features);
  await run.succeed('WriteTests', tests);
  await run.succeed('WriteTrainer', code);
  return run;
}

const argumentsOf = (run: Scenario, state: string) => run.commandOf(state).message.arguments;
const Data = z.object({ data: z.array(z.object({ path: z.string(), content: z.string() })) });
const dataOf = (run: Scenario, state: string, path: string): unknown =>
  JSON.parse(Data.parse(argumentsOf(run, state)).data.find((file) => file.path === path)?.content ?? 'null');

test('the code that learns is written after its tests, which it cannot change, and goes back with what failed', async () => {
  const run = await prepared({});
  const failed = { tool: 'tests', status: 'failed', findings: [{ message: 'wrong' }] };
  await run.succeed('CheckTrainer', { ...checked, passed: false, failing: ['tests'], tools: [failed] });
  expect(argumentsOf(run, 'WriteTrainer')).toMatchObject({
    ...{ variables: { report: [failed] }, files: code.files, protectedFiles: ['/test/'] },
  });
});

test('every fourth row with a target is held back from the training, and predicted without it', async () => {
  const run = await prepared({});
  await run.succeed('CheckTrainer', checked);
  const training = z
    .object({ target: z.literal('late'), rows: z.array(z.object({ weight: z.number() })) })
    .parse(dataOf(run, 'TrainModel', 'training.json'));
  expect(training.rows.map(({ weight }) => weight)).toEqual([0, 1, 2, 5, 6, 7, 9, 10, 11]);
  await run.succeed('TrainModel', trained);
  expect(dataOf(run, 'TestModel', 'held-out.json')).toEqual([{ weight: 3 }, { weight: 8 }, { weight: 12 }]);
  // The very file that was written.
  expect(Data.parse(argumentsOf(run, 'TestModel')).data).toContainEqual(modelFile);
  // True are yes, yes, no.
  await run.succeed('TestModel', predicting('no', 'yes', 'yes'));
  expect(variablesOf(run, 'ValidateModel')).toMatchObject({
    measured: { checked: 3, right: 1, accuracy: 0.3333, baseline: 0.6667, predicted: ['no', 'yes'] },
  });
});

test('what was not predicted is not right', async () => {
  const run = await prepared({});
  await run.succeed('CheckTrainer', checked);
  await run.succeed('TrainModel', trained);
  await run.succeed('TestModel', predicting('yes'));
  expect(variablesOf(run, 'ValidateModel')).toMatchObject({ measured: { checked: 3, right: 1 } });
});

test('a program that did not run has learnt nothing, and the run says so', async () => {
  const run = await prepared({});
  await run.succeed('CheckTrainer', checked);
  await run.succeed('TrainModel', { ...trained, passed: false, reason: 'It did not run.', outputs: {}, files: [] });
  expect(ended(run)).toMatchObject({ status: 'failed', cause: 'Nothing was learnt. It did not run.' });
});

async function measured(input: JsonObject): Promise<Scenario> {
  const run = await prepared(input);
  await run.succeed('CheckTrainer', checked);
  await run.succeed('TrainModel', trained);
  await run.succeed('TestModel', predicting('no', 'yes', 'yes'));
  return run;
}

test('releases nothing below the accuracy that is asked for, whatever the validation says', async () => {
  const run = await measured({});
  await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: 'Lovely.' });
  expect(ended(run)).toMatchObject({
    status: 'failed',
    error: 'Baton.NotPassed',
    cause:
      'The model is right for 1 of 3 rows held back, a share of 0.3333 where 0.7 is asked for and the most frequent value alone has 0.6667. Lovely.',
  });
});

test('releases nothing that the validation does not trust', async () => {
  const run = await measured({ minimumAccuracy: 0.3 });
  await run.succeed('ValidateModel', { trustworthy: false, concerns: [], summary: 'Unfair.' });
  expect(ended(run)).toMatchObject({ status: 'failed', error: 'Baton.NotPassed' });
});

test('releases what is good enough, and deploys nothing unasked', async () => {
  const run = await measured({ minimumAccuracy: 0.3 });
  await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: '' });
  await run.succeed('WriteRelease', { card: 'It is a model.' });
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: {
      ...{ released: true, model: { depth: 1 }, release: { card: 'It is a model.' }, deployment: null },
      files: [...code.files, modelFile],
    },
  });
});

test('deploys the version with the model in it, once a person approves, and fails where nobody does', async () => {
  for (const decision of ['approve', 'request-changes'] as const) {
    const run = await measured({ minimumAccuracy: 0.3, deploy: true });
    await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: '' });
    await run.succeed('WriteRelease', { card: 'It is a model.' });
    await run.answer('ApproveDeployment', decision, 'Not yet.');
    if (decision === 'approve') {
      expect(argumentsOf(run, 'DeployModel')).toMatchObject({ tree, approval: { decision: 'approve' } });
      await run.succeed('DeployModel', { deployed: true });
      expect(ended(run)).toMatchObject({ status: 'succeeded', output: { deployment: { deployed: true } } });
    } else expect(ended(run)).toMatchObject({ cause: 'The deployment was not approved: Not yet.' });
  }
});

test('takes a table of the workspace instead of rows, and one of both has to be there', async () => {
  const workspace = { tree };
  const run = await begin(shipped, { goal: 'Know it.', target: 'late', table: 'data/a.csv', workspace });
  expect(argumentsOf(run, 'ReadTable')).toEqual({ table: 'data/a.csv', workspace });
  await run.succeed('ReadTable', { rows });
  expect(variablesOf(run, 'CollectData')).toMatchObject({ rows });
});

const found = (problem: string | null) => ({
  ...{ passed: true, reason: null, files: [], tree },
  outputs: { 'trainer.json': { python: '3.13.1', version: problem === null ? '1.7.2' : null, problem } },
});
const Code = z.object({ files: z.array(z.object({ path: z.string() })) });

/** Up to what trains. */
async function onWorkspace(input: JsonObject = {}): Promise<Scenario> {
  const run = await begin(shipped, { goal: 'Know it.', target: 'late', rows, workspace: { tree }, ...input });
  await run.succeed('CollectData', { columns: [] });
  await run.succeed('EngineerFeatures', features);
  return run;
}

test('scikit-learn trains where the set-up of the workspace brings it, and nobody writes code', async () => {
  const run = await onWorkspace({ minimumAccuracy: 0.3 });
  const python = { language: 'python', workspace: { tree }, writtenBy: 'workflow' };
  expect(argumentsOf(run, 'FindTrainer')).toMatchObject({ ...python, job: { program: 'src/train.py' } });
  await run.succeed('FindTrainer', found(null));
  expect(argumentsOf(run, 'TrainModel')).toMatchObject({ ...python, job: { program: 'src/train.py' } });
  const paths = Code.parse(argumentsOf(run, 'TrainModel')).files.map(({ path }) => path);
  expect(paths).toEqual(['src/train.py', 'src/predict.py']);
  const model = { method: 'random forest', columns: ['weight'], parameters: { trees: [1, 2, 3] } };
  await run.succeed('TrainModel', { ...trained, outputs: { 'model.json': model } });
  expect(argumentsOf(run, 'TestModel')).toMatchObject({ ...python, job: { program: 'src/predict.py' } });
  await run.succeed('TestModel', predicting('no', 'yes', 'yes'));
  const { parameters: _, ...shown } = model;
  expect(variablesOf(run, 'ValidateModel').model).toEqual(shown);
  await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: '' });
  await run.succeed('WriteRelease', { card: 'It is a model.' });
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: {
      ...{ model, toolReport: null, testCommand: null },
      trainer: {
        uses: 'scikit-learn',
        version: '1.7.2',
        python: '3.13.1',
        why: 'The set-up of the workspace brings it.',
      },
      files: [{ path: 'src/train.py' }, { path: 'src/predict.py' }, modelFile],
    },
  });
});

test.each([
  ['its Python has none', found('Its Python has no scikit-learn.'), 'Its Python has no scikit-learn.'],
  ['it could not be prepared', { ...found(null), passed: false, outputs: {}, reason: 'No network.' }, 'No network.'],
])('code is written where the workspace brings none since %s, and the output says why', async (_, report, why) => {
  const run = await onWorkspace({ minimumAccuracy: 0 });
  await run.succeed('FindTrainer', report);
  await run.succeed('WriteTests', tests);
  await run.succeed('WriteTrainer', code);
  await run.succeed('CheckTrainer', checked);
  expect(argumentsOf(run, 'TrainModel')).toMatchObject({
    ...{ language: 'typescript', workspace: null, files: code.files, job: { program: 'src/train.ts' } },
  });
  await run.succeed('TrainModel', trained);
  await run.succeed('TestModel', predicting('no', 'yes', 'yes'));
  await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: '' });
  await run.succeed('WriteRelease', { card: 'It is a model.' });
  expect(ended(run)).toMatchObject({
    output: { trainer: { uses: 'typescript', why: `The workspace brings no scikit-learn. ${why}` } },
  });
});
