import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineageLog, Verification } from '@baton/contracts';
import { ended, eventsOf, FOR_SEVEN_STEPS, publish, Stack, submit, until, violations } from '@baton/test-stack';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import * as commands from './testing/commands.js';
import { fruitsWith, startFruitModel } from './testing/fruit-model.js';
import { eventually } from './testing/survival.js';
import * as files from './testing/write-file.js';

let stack: Stack;
let model: Awaited<ReturnType<typeof startFruitModel>>;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baton-shared-e2e-'));
  model = await startFruitModel();
  // The repository's own code is run with the tests: that needs a word of the operator.
  const env = {
    BATON_SANDBOX: 'none',
    BATON_MODEL: 'claude-sonnet-5-5',
    ANTHROPIC_API_KEY: 'sk-test',
    ANTHROPIC_BASE_URL: model.url,
  };
  stack = await Stack.start({ args: FOR_SEVEN_STEPS, env });
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
  await rm(dir, { recursive: true, force: true });
});

const at = (...parts: readonly string[]): string => join(dir, ...parts);

const write = (path: string, content: string) => files.write(at(path), content);
const git = (folder: string, ...args: readonly string[]) => commands.git(at(folder), ...args);
const baton = async (folder: string, ...args: readonly string[]) =>
  commands.printed(args, { env: await commands.envOf(stack), cwd: at(folder) });

const versionsOf = async (name: string) =>
  LineageLog.parse(await stack.api(`/v1/lineages/${name}/versions?limit=100`)).versions;

describe('two runs that change the same lines at the same time', () => {
  let [runs, late]: [string[], string] = [[], ''];

  test('both land, and the later one has resolved what conflicts in a round of its own', async () => {
    await write('fruits/fruits.js', fruitsWith('pear'));
    await write('fruits/.baton/tools.yaml', 'checks:\n  - name: tests\n    command: node --test\n');
    await write(
      'fruits/fruits.test.js',
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { fruits } from './fruits.js';\n\ntest('has pears', () => assert.ok(fruits.includes('pear')));\n",
    );
    await write('fruits/package.json', '{ "type": "module" }\n');
    await git('fruits', 'init', '-q');
    await git('fruits', 'add', '-A');
    await git('fruits', 'commit', '-q', '-m', 'one');
    await baton('fruits', 'workspace', 'create', 'fruits', '--workspace', '.');
    const submitted = await Promise.all(
      ['apple', 'banana'].map(async (fruit) => {
        await write(`${fruit}.md`, `Add the fruit ${fruit} to the list.\n`);
        const args = ['--shared', 'fruits', '--requirements', at(`${fruit}.md`), '-o', 'json'];
        return JSON.parse(await baton('fruits', 'run', 'submit', ...args)).runId as string;
      }),
    );
    runs = submitted;
    const views = await Promise.all(runs.map((runId) => ended(stack, runId)));
    expect(views.map(({ status, cause }) => [status, cause])).toEqual([
      ['succeeded', null],
      ['succeeded', null],
    ]);
    const versions = await versionsOf('fruits');
    expect(versions.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(
      versions
        .map(({ runId }) => runId)
        .filter((id) => id !== null)
        .toSorted(),
    ).toEqual(runs.toSorted());
    late = versions[0]?.runId ?? '';
    await baton('.', 'workspace', 'show', 'fruits', '--out', 'head');
    expect(await readFile(at('head/fruits.js'), 'utf8')).toBe(fruitsWith('pear', 'apple', 'banana'));
    const states = (await eventsOf(stack, late)).filter(({ type }) => type === 'StateEntered');
    const entered = states.map(({ data }) => JSON.stringify(data));
    expect(entered.some((data) => data.includes('"MergeHead"'))).toBe(true);
    expect(entered.some((data) => data.includes('"RefineCode"'))).toBe(true);
  });

  test('give a branch with what others landed between the rounds, and a patch with what the run itself changed', async () => {
    await baton('fruits', 'run', 'result', late, '--branch', 'late');
    expect((await git('fruits', 'log', '--format=%s', 'main..late')).trim().split('\n')).toEqual([
      'seven-step: round 3',
      'seven-step: what others landed, merged',
      'seven-step: round 1',
    ]);
    expect(await git('fruits', 'show', 'late:fruits.js')).toBe(fruitsWith('pear', 'apple', 'banana'));
    const early = runs.find((runId) => runId !== late) ?? '';
    await baton('fruits', 'run', 'result', early, '--branch', 'early');
    expect((await git('fruits', 'log', '--format=%s', 'main..early')).trim()).toBe('seven-step: round 1');
    const patch = await baton('.', 'run', 'diff', late);
    expect(patch.split('\n').filter((line) => /^[+-] /.test(line))).toHaveLength(1);
    expect(await git('fruits', 'status', '--porcelain')).toBe('');
  });
});

/** Lands a tree on a lineage, by merges where others landed before. */
const LANDS = {
  name: 'lands',
  version: '1.0.0',
  title: 'Lands a tree',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      Begin: {
        Type: 'Pass',
        Assign: {
          base: '{% $states.input.base %}',
          tree: '{% $states.input.tree %}',
          lineage: '{% $states.input.lineage %}',
        },
        Next: 'Land',
      },
      Land: {
        Type: 'Task',
        Resource: 'baton:lineage',
        Arguments: { lineage: '{% $lineage %}', from: '{% $base %}', tree: '{% $tree %}' },
        Assign: { landing: '{% $states.result %}' },
        Next: 'Landed',
      },
      Landed: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $landing.landed %}', Next: 'Done' }],
        Default: 'MergeHead',
      },
      MergeHead: {
        Type: 'Task',
        Resource: 'baton:worker:programmer',
        Arguments: {
          ...{ merge: true, language: 'typescript', base: '{% $base %}', ours: '{% $tree %}' },
          theirs: '{% $landing.head.tree %}',
        },
        TimeoutSeconds: 120,
        Retry: [{ ErrorEquals: ['Baton.WorkerCrashed'], MaxAttempts: 5 }],
        Assign: { base: '{% $landing.head.tree %}', tree: '{% $states.result.workspace.tree %}' },
        Next: 'Merged',
      },
      Merged: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.isClean %}', Next: 'Land' }],
        Default: 'Conflict',
      },
      Conflict: { Type: 'Fail', Error: 'Conflict' },
      Done: { Type: 'Succeed', Output: '{% $landing.head.number %}' },
    },
  },
};

async function uploaded(folder: string): Promise<string> {
  const name = `up-${folder}`;
  await baton(folder, 'workspace', 'create', name, '--workspace', '.');
  return (await versionsOf(name))[0]?.tree ?? '';
}

test('many runs at once on one lineage all land, while orchestrator and programmer are killed again and again', async () => {
  const count = inject('effort') === 'long' ? 20 : 5;
  await publish(stack, LANDS);
  const shared = 'line one\n'.repeat(3);
  await write('many/shared.txt', shared);
  await baton('many', 'workspace', 'create', 'many', '--workspace', '.');
  const base = (await versionsOf('many'))[0]?.tree ?? '';
  const trees: string[] = [];
  for (let n = 0; n < count; n += 1) {
    await write(`many-${n}/shared.txt`, shared);
    await write(`many-${n}/of-run-${n}.txt`, `${n}\n`);
    trees.push(await uploaded(`many-${n}`));
  }
  const runs = await Promise.all(
    trees.map((tree) => submit(stack, { workflow: 'lands', input: { lineage: 'many', base, tree } })),
  );
  const victims = ['orchestrator', 'programmer', 'orchestrator', 'programmer', 'orchestrator'] as const;
  for (const victim of victims.slice(0, inject('effort') === 'long' ? victims.length : 3)) {
    const landed = (await eventually(() => versionsOf('many'), 'the versions')).length;
    await eventually(() => stack.kill(victim), `the ${victim} to be killed`);
    await until(
      async () => (await eventually(() => versionsOf('many'), 'the versions')).length > Math.min(landed, count),
      'somebody to land after that',
      60_000,
    );
  }
  const views = await Promise.all(runs.map((runId) => ended(stack, runId, 180_000)));
  expect(views.map(({ status, cause }) => [status, cause])).toEqual(runs.map(() => ['succeeded', null]));
  const versions = await versionsOf('many');
  expect(versions.map(({ number }) => number)).toEqual(Array.from({ length: count + 1 }, (_, n) => count + 1 - n));
  expect(
    versions
      .map(({ runId }) => runId)
      .filter((id) => id !== null)
      .toSorted(),
  ).toEqual(runs.toSorted());
  await baton('.', 'workspace', 'show', 'many', '--out', 'all');
  for (let n = 0; n < count; n += 1) expect(await readFile(at(`all/of-run-${n}.txt`), 'utf8')).toBe(`${n}\n`);
  expect(await readFile(at('all/shared.txt'), 'utf8')).toBe(shared);
  for (const runId of runs) expect(violations(await eventsOf(stack, runId))).toEqual([]);
  expect(Verification.parse(await stack.api('/v1/audit/verify'))).toMatchObject({ verified: true });
});
