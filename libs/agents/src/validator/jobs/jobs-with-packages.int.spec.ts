import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { JsonObject } from '@baton/contracts';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { settingsOf } from '../../set-up/testing/judged.js';
import { JobReport } from '../../task/job-arguments.js';
import { bare, best, hasSandbox, trustedOnly } from '../../testing/sandboxes.js';
import { agentsWith, scriptedModel, taskWith } from '../../testing/scripted-agents.js';
import { python } from '../../testing/tool-runs.js';

const store = memoryStore();
const afterwards: (() => void)[] = [];
const setUp = settingsOf((act) => afterwards.push(act));
afterAll(() => afterwards.forEach((act) => void act()));

async function workspaceOf(files: Readonly<Record<string, string>>) {
  const stored = Object.entries(files).map(async ([path, content]) => ({
    ...{ path, mode: '100644' as const },
    ...(await putFile(store, Buffer.from(content))),
  }));
  return { tree: await putTree(store, treeOf(await Promise.all(stored))) };
}

/** A workspace with a Python of its own. */
const preparedBy = (command: string, files: Readonly<Record<string, string>> = {}) =>
  workspaceOf({
    '.baton/tools.yaml': JSON.stringify({
      setup: { command, fills: ['.venv'], lockfiles: ['.baton/tools.yaml'] },
      checks: [{ name: 'none', command: 'true' }],
    }),
    ...files,
  });

async function runJob(args: object, sandbox = best): Promise<JobReport> {
  const agents = await agentsWith(scriptedModel([]).call, { blobs: store, sandbox: async () => sandbox, setUp });
  const given = { language: 'python', writtenBy: 'somebody', ...args };
  const result = await agents.validator(taskWith(JsonObject.parse(given)), new AbortController().signal);
  if (!result.ok) throw new Error(result.cause);
  return JobReport.parse(result.output);
}

const PROGRAM = {
  path: 'look.py',
  content: `import json, sys
from doubling import double
with open("data.txt") as file: json.dump({"doubled": double(int(file.read())), "own": sys.prefix != sys.base_prefix}, open("out.json", "w"))
`,
};
const look = {
  job: { program: 'look.py', writes: ['out.json'] },
  files: [PROGRAM],
};
const DOUBLING = 'echo "def double(x): return 2 * x" > $(echo .venv/lib/python3*/site-packages)/doubling.py';
const VENV = 'python3 -m venv --without-pip .venv';

describe.skipIf(!hasSandbox || python === null)('a program that needs packages', () => {
  it('has those that the set-up of its workspace made, beside the files of that, and both are on record', async () => {
    const workspace = await preparedBy(`${VENV} && ${DOUBLING}`, {
      'data.txt': '21',
      'look.py': 'raise SystemExit(1)',
    });
    const report = await runJob({ ...look, workspace });
    expect(report).toMatchObject({
      ...{ passed: true, outputs: { 'out.json': { doubled: 42, own: true } } },
      setUp: { from: 'run', execution: { driver: 'bwrap' }, command: expect.stringContaining('venv') },
    });
    expect(await runJob({ ...look, workspace })).toMatchObject({ passed: true, setUp: { from: 'cache' } });
  });

  it.each([
    [
      'the set-up fails',
      `${VENV} && exit 3`,
      'It did not run. `python3 -m venv --without-pip .venv && exit 3` ended with',
    ],
    ['the package is not in it', VENV, "No module named 'doubling'"],
  ])('has not passed where %s, and says so', async (_, command, reason) => {
    const workspace = await preparedBy(command, { 'data.txt': '21' });
    expect(await runJob({ ...look, workspace })).toMatchObject({
      ...{ passed: false, reason: expect.stringContaining(reason), setUp: { from: 'run' } },
    });
  });

  it('is told what of the workspace is in its way, and that its tools file cannot be read', async () => {
    const taken = await runJob({ ...look, workspace: await workspaceOf({ 'look.py/x': '' }) });
    expect(taken.reason).toContain('The workspace has something else in the place of look.py.');
    const broken = await runJob({ ...look, workspace: await workspaceOf({ '.baton/tools.yaml': 'x: 1' }) });
    expect(broken.reason).toContain('.baton/tools.yaml');
  });
});

it('a program beside the files of somebody is not run without a sandbox, whoever wrote it, and nothing is prepared', async () => {
  const workspace = await preparedBy('true');
  expect((await runJob({ ...look, workspace, writtenBy: 'offline' }, trustedOnly)).reason).toContain(
    'The code was written by offline and input.',
  );
  expect((await runJob({ ...look, workspace }, bare)).reason).toContain('executed in a sandbox only');
});

/* The code by which ml-pipeline trains where scikit-learn is there. */

const file = (name: string) => ({
  path: `src/${name}`,
  content: readFileSync(
    new URL(`../../../../../examples/workflows/ml-pipeline-python/${name}`, import.meta.url),
    'utf8',
  ),
});
const files = [file('train.py'), file('predict.py')];

const check = async (workspace: object) => {
  const job = { program: 'src/train.py', arguments: ['--check', 'trainer.json'], writes: ['trainer.json'] };
  return (await runJob({ job, files, workspace })).outputs['trainer.json'];
};

describe.skipIf(!hasSandbox || python === null)('what trains', () => {
  it('is not scikit-learn where the workspace has no Python of its own, or one without it', async () => {
    expect(await check(await workspaceOf({ 'a.txt': '' }))).toMatchObject({
      problem: expect.stringContaining('It has no set-up that makes a Python of its own'),
    });
    expect(await check(await preparedBy(VENV))).toMatchObject({
      version: null,
      problem: "Its Python has no scikit-learn that can be used: No module named 'sklearn'.",
    });
  });
});

/** A Python of the system that has it, as `apt-get install python3-sklearn` brings one. */
const systemHasIt = (() => {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import sklearn.ensemble'], { stdio: 'ignore', timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
})();
if (hasSandbox && !systemHasIt)
  process.stderr.write(
    'Training with scikit-learn is not tested: /usr/bin/python3 has none (apt-get install python3-sklearn).\n',
  );

const Model = z.object({
  method: z.string(),
  classes: z.array(z.string()),
  trainedOn: z.number(),
  metrics: z.object({ trainingAccuracy: z.number(), crossValidatedAccuracy: z.number(), folds: z.number() }),
});

describe.skipIf(!hasSandbox || !systemHasIt)('training with scikit-learn', () => {
  const workspace = preparedBy('/usr/bin/python3 -m venv --system-site-packages --without-pip .venv');

  async function trained(features: readonly object[], rows: readonly object[]) {
    const data = [{ path: 'training.json', content: JSON.stringify({ target: 'label', features, rows }) }];
    const job = { program: 'src/train.py', arguments: ['training.json', 'model.json'], writes: ['model.json'] };
    return runJob({ job, files, data, workspace: await workspace });
  }

  async function predicted(model: JobReport, rows: readonly object[]): Promise<readonly unknown[]> {
    const data = [...model.files, { path: 'rows.json', content: JSON.stringify(rows) }];
    const program = { program: 'src/predict.py', arguments: ['model.json', 'rows.json', 'out.json'] };
    // Without the packages: what was learnt needs none of them.
    const report = await runJob({ job: { ...program, writes: ['out.json'] }, files, data });
    return z.array(z.unknown()).parse(report.outputs['out.json']);
  }

  const FEATURES = [
    { column: 'x', kind: 'number' },
    { column: 'y', kind: 'number' },
    { column: 'color', kind: 'category' },
  ];
  const COLORS = ['red', 'blue', null];
  const cells = Array.from({ length: 90 }, (_, n) => ({
    ...{ x: n % 17 === 5 ? null : (n % 10) * 9, y: Math.floor(n / 10) * 11, color: COLORS[n % 3] ?? null },
  }));
  const isRight = async (label: (row: (typeof cells)[number]) => string, method: string) => {
    const rows = cells.map((row) => ({ ...row, label: label(row) }));
    const [once, again] = [await trained(FEATURES, rows), await trained(FEATURES, rows)];
    expect(once).toMatchObject({ passed: true, reason: null });
    expect(again.files).toEqual(once.files);
    const model = Model.parse(once.outputs['model.json']);
    expect(model).toMatchObject({ method, trainedOn: 90, metrics: { folds: 5 } });
    const right = (await predicted(once, cells)).filter((each, index) => each === rows[index]?.label).length;
    expect(model.metrics.trainingAccuracy).toBe(right / 90);
    return { model, once };
  };

  it('gives a model that predicts what it says, the same one each time, and needs nothing to be used', async () => {
    // With rows that no straight line has right.
    const isHigh = ({ x, y }: (typeof cells)[number]) => (x ?? 40) + y > 90 !== (x === 36 && y < 40);
    const straight = await isRight((row) => (isHigh(row) ? 'high' : 'low'), 'logistic regression');
    expect(straight.model.metrics.trainingAccuracy).toBeLessThan(1);
    expect(straight.model.metrics.crossValidatedAccuracy).toBeGreaterThan(0.85);
    // What is missing, was never seen, or is no column of the training is no error.
    const odd = [{}, { x: 'many', y: 1, color: 'green', z: 1 }];
    expect(straight.model.classes).toEqual(expect.arrayContaining([...(await predicted(straight.once, odd))]));
  });

  it('takes a forest where no straight line tells the classes apart', async () => {
    const { model } = await isRight(({ x, y }) => ((x ?? 0) > 40 === y > 40 ? 'same' : 'other'), 'random forest');
    expect(model.metrics.crossValidatedAccuracy).toBeGreaterThan(0.75);
  });

  it('refuses what cannot be learnt with its name', async () => {
    const report = await trained(
      FEATURES,
      cells.map((row) => ({ ...row, label: 'all' })),
    );
    expect(report).toMatchObject({
      passed: false,
      reason: expect.stringContaining('Fewer than two values of label occur'),
    });
  });
});
