import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { JsonObject, RunResult } from '@baton/contracts';
import { ended, ROOT, type Stack } from '@baton/test-stack';
import { expect, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { upload } from './testing/commands.js';
import { test } from './testing/shared-stack.js';
import { exampleFor, runsOn } from './testing/shipped-runs.js';
import { write } from './testing/write-file.js';

/* The shipped workflows in which a tester, a programmer and a deployer work together. */

let stack: Stack;
test.beforeAll(({ everything }) => {
  stack = everything;
});
const { submit, run, statesOf, assignedIn, approve } = runsOn(() => stack);

const Site = z.object({
  title: z.string(),
  files: z.array(z.object({ path: z.string(), content: z.string() })),
  rounds: z.number(),
  review: z.object({ verdict: z.string(), issues: z.array(z.unknown()) }),
  toolReport: z.object({ passed: z.literal(true), tree: z.string() }),
  deployment: z.object({ deployed: z.literal(true), tree: z.string(), approval: z.object({ by: z.string() }) }),
});

test('build-website mends what tests and review find, and deploys what was tested once a person approves', async () => {
  const runId = await submit('build-website', await exampleFor('build-website'));
  const { arguments: asked } = await approve(runId);
  await ended(stack, runId, 60_000);
  const result = RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));
  expect(result.error).toBeNull();
  const { title, files, rounds, review, toolReport, deployment } = Site.parse(result.output);
  const tried = ['WriteCode', 'RunTests', 'Tested'];
  const read = ['ReviewCode', 'Approved'];
  const end = ['Deployable', 'ApproveDeployment', 'DeploymentAnswered', 'Deploy', 'Done'];
  const begun = ['Prepare', 'WriteSpecification', 'WriteTests'];
  expect(await statesOf(runId)).toEqual([...begun, ...tried, ...tried, ...read, ...tried, ...read, ...end]);

  const assigned = await assignedIn(runId);
  const reports = assigned.flatMap((assign) => (assign.toolReport ? [assign.toolReport] : []));
  expect(reports).toMatchObject([{ failing: ['tests'] }, { passed: true }, { passed: true }]);
  expect(JSON.stringify(reports[0])).toContain('to contact.htm leads nowhere');
  const reviews = assigned.flatMap((assign) => (assign.review ? [assign.review] : []));
  expect(reviews).toMatchObject([{ verdict: 'revise' }, { verdict: 'pass', issues: [] }]);
  expect(JSON.stringify(reviews[0])).toContain('does not say its language');
  expect({ rounds, review }).toMatchObject({ rounds: 3, review: { verdict: 'pass' } });

  expect(title).toBe('Lena Hartmann, photographer');
  const pages = ['about.html', 'contact.html', 'index.html', 'prices.html', 'style.css', 'work.html'];
  expect(files.map(({ path }) => path).sort()).toEqual([...pages, 'test/site.test.ts'].sort());
  const work = files.find(({ path }) => path === 'work.html')?.content ?? '';
  expect(work).toContain('<html lang="en">');
  expect(work).toContain('href="contact.html"');
  expect(work).toContain('Weddings, portraits and families');

  expect([asked.tree, deployment.tree]).toEqual([toolReport.tree, toolReport.tree]);
  const deployed = join(stack.home, 'deployed/website');
  expect((await readdir(deployed)).sort()).toEqual(pages);
  expect(await readFile(join(deployed, 'work.html'), 'utf8')).toBe(work);
});

test('build-website fails when its rounds are used up, and says what is still open', async () => {
  const { runId, result } = await run('build-website', { goal: 'A page about tea.', maxRounds: 1 });
  expect(result).toMatchObject({ status: 'failed', error: 'Baton.NotConverged' });
  expect(result.cause).toContain('in 1 round. Still open: index.html: The page does not say its language.');
  expect(await statesOf(runId)).toContain('NotApproved');
});

const Learnt = z.object({
  released: z.literal(true),
  measured: z.object({ checked: z.number(), right: z.number(), accuracy: z.number(), baseline: z.number() }),
  files: z.array(z.object({ path: z.string(), content: z.string() })),
  toolReport: z.object({ passed: z.literal(true) }).nullable(),
  deployment: z.object({ deployed: z.literal(true) }).nullable(),
  trainer: z.object({ uses: z.string(), why: z.string() }),
  release: z.object({ card: z.string(), inputs: z.array(z.string()) }),
});

/** What a model that was handed out or deployed predicts, by the program beside it, run by hand. */
async function predictedBy(folder: string, rows: readonly JsonObject[]): Promise<readonly unknown[]> {
  await writeFile(join(folder, 'rows.json'), JSON.stringify(rows));
  const isPython = existsSync(join(folder, 'src/predict.py'));
  const args = [`src/predict.${isPython ? 'py' : 'ts'}`, 'model.json', 'rows.json', 'predictions.json'];
  await promisify(execFile)(isPython ? 'python3' : process.execPath, args, { cwd: folder });
  return z.array(z.unknown()).parse(JSON.parse(await readFile(join(folder, 'predictions.json'), 'utf8')));
}

/** The rows that are held back, and how many of them a model has right. */
async function rightIn(folder: string, rows: readonly JsonObject[], target: string) {
  const heldOut = rows.filter((row) => (row[target] ?? null) !== null).filter((_, index) => index % 4 === 3);
  const predictions = await predictedBy(
    folder,
    heldOut.map(({ [target]: _, ...row }) => row),
  );
  return { checked: heldOut.length, right: heldOut.filter((row, index) => row[target] === predictions[index]).length };
}

async function laidOut(files: z.infer<typeof Learnt>['files']): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const { path, content } of files) await write(join(folder, path), content);
  return folder;
}

const CUSTOMERS = join(ROOT, 'examples/workspaces/customers');

/** Uploads a folder, and gives what a run on its table is submitted with. */
async function inputOn(folder: string) {
  const tree = await upload(stack, folder);
  const input = JSON.parse(await readFile(join(ROOT, 'examples/workflows/ml-pipeline.workspace.json'), 'utf8'));
  return { ...JsonObject.parse(input), workspace: { tree } };
}

async function customers(): Promise<readonly JsonObject[]> {
  const [header = '', ...lines] = (await readFile(join(CUSTOMERS, 'data/customers.csv'), 'utf8')).trim().split('\n');
  const cell = (text: string) => (text === '' ? null : /^\d+$/.test(text) ? Number(text) : text);
  return lines.map((line): JsonObject => {
    const cells = line.split(',');
    return Object.fromEntries(header.split(',').map((name, index) => [name, cell(cells[index] ?? '')]));
  });
}

test('ml-pipeline learns from rows, and what it measured is what its model does with those held back', async () => {
  const example = await exampleFor('ml-pipeline');
  const { result } = await run('ml-pipeline', example);
  expect(result.error).toBeNull();
  const { measured, files, release, deployment, trainer } = Learnt.parse(result.output);
  expect(trainer).toMatchObject({ uses: 'typescript', why: expect.stringContaining('There is no workspace') });
  // 47 of the 48 rows say whether the customer cancelled; every fourth of these is held back.
  expect(measured).toMatchObject({ checked: 11, right: 9, accuracy: 0.8182, baseline: 0.6364 });
  expect(release.card).toContain('9 of 11 rows');
  expect(deployment).toBeNull();
  const folder = await laidOut(files);
  expect(await rightIn(folder, z.array(JsonObject).parse(example.rows), 'cancelled')).toEqual({
    checked: 11,
    right: 9,
  });

  const strict = await run('ml-pipeline', { ...example, minimumAccuracy: 0.9 });
  expect(strict.result).toMatchObject({ status: 'failed', error: 'Baton.NotPassed' });
  expect(strict.result.cause).toContain('9 of 11 rows held back, a share of 0.8182 where 0.9 is asked for');
  expect(await statesOf(strict.runId)).not.toContain('WriteRelease');
});

test('ml-pipeline trains on a table of a workspace, and deploys the model whose numbers it gives', async () => {
  const runId = await submit('ml-pipeline', await inputOn(CUSTOMERS));
  const { arguments: asked } = await approve(runId);
  await ended(stack, runId, 60_000);
  const result = RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));
  expect(result.error).toBeNull();
  const { measured, deployment, trainer } = Learnt.parse(result.output);
  const why = expect.stringContaining('The workspace brings no scikit-learn.');
  expect(trainer).toMatchObject({ uses: 'typescript', why });
  expect({ asked: asked.measured, deployment }).toMatchObject({ asked: measured, deployment: { deployed: true } });
  expect(measured.accuracy).toBeGreaterThan(measured.baseline);

  const { checked, right } = measured;
  // A folder that the deployer's commands own: only read here.
  const copy = await mkdtemp(join(tmpdir(), 'baton-model-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  await cp(join(stack.home, 'deployed/model'), copy, { recursive: true });
  expect(await rightIn(copy, await customers(), 'cancelled')).toEqual({ checked, right });
});

/** A Python of the system that has it, as `apt-get install python3-sklearn` brings one. */
const hasScikitLearn =
  existsSync('/usr/bin/bwrap') && spawnSync('/usr/bin/python3', ['-c', 'import sklearn.ensemble']).status === 0;
if (!hasScikitLearn)
  process.stderr.write('ml-pipeline with scikit-learn is not tested: it takes bubblewrap and python3-sklearn.\n');

test.skipIf(!hasScikitLearn)(
  'ml-pipeline trains with scikit-learn where the workspace brings it, and measures that',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baton-customers-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(CUSTOMERS, folder, { recursive: true });
    await mkdir(join(folder, '.baton'));
    const command = '/usr/bin/python3 -m venv --system-site-packages --without-pip .venv';
    const setup = { command, fills: ['.venv'], lockfiles: ['.baton/tools.yaml'] };
    const tools = { setup, checks: [{ name: 'data', command: 'test -f data/customers.csv' }] };
    await writeFile(join(folder, '.baton/tools.yaml'), JSON.stringify(tools));
    const { runId, result } = await run('ml-pipeline', { ...(await inputOn(folder)), deploy: false });
    expect(result.error).toBeNull();
    const { measured, files, trainer, release } = Learnt.parse(result.output);
    expect(trainer).toMatchObject({ uses: 'scikit-learn', why: 'The set-up of the workspace brings it.' });
    expect(await statesOf(runId)).not.toContain('WriteTrainer');
    expect(release.card).toMatch(/a (?:logistic regression|random forest) about .*, learnt from \d+ rows/);
    expect(measured.accuracy).toBeGreaterThan(measured.baseline);
    const { checked, right } = measured;
    expect(await rightIn(await laidOut(files), await customers(), 'cancelled')).toEqual({ checked, right });
  },
);

test('ml-pipeline is the document that its example in TypeScript builds', async () => {
  const script = join(ROOT, 'examples/workflows/ml-pipeline.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: ROOT });
  const shipped: unknown = parse(await readFile(join(ROOT, 'workflows/ml-pipeline.yaml'), 'utf8'));
  expect(JSON.parse(stdout)).toEqual(shipped);
});
