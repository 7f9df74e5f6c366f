import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeployer } from '@baton/agents/deployer';
import { type JsonObject, TaskFailed, TaskSucceeded } from '@baton/contracts';
import { getBytes, putBytes } from '@baton/event-store';
import { WorkerFixture } from '@baton/worker/testing';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DeployerModule } from './deployer.module.js';

const BATON_SANDBOX = existsSync('/usr/bin/bwrap') ? 'bwrap' : 'none';

let fixture: WorkerFixture;
let target: string;
let tree: string;
beforeAll(async () => {
  target = await mkdtemp(join(tmpdir(), 'baton-deployed-'));
  await rm(target, { recursive: true });
  fixture = await WorkerFixture.open(inject('postgresUrl'), 'deployer');
  tree = await version({ 'index.html': '<h1>Hello</h1>\n' });
  const env = { ...fixture.env, BATON_CONCURRENCY: 1, BATON_SANDBOX, BATON_DEPLOY_DIR: target } as const;
  const kept = { ...env, BATON_DEPLOY_ENV: 'SITE_KEY' };
  await fixture.start((context) => startDeployer(DeployerModule, context, kept, { SITE_KEY: 's3cret-of-the-site' }));
});
afterAll(async () => {
  await fixture?.close();
  await rm(target, { recursive: true, force: true });
});

async function version(files: Readonly<Record<string, string>>): Promise<string> {
  const { pool } = fixture;
  const store = {
    put: (bytes: Buffer) => putBytes(pool, bytes),
    get: (sha256: string) => getBytes(pool, sha256),
  };
  const stored = Object.entries(files).map(async ([path, content]) => ({
    ...{ path, mode: '100644' as const },
    ...(await putFile(store, Buffer.from(content))),
  }));
  return putTree(store, treeOf(await Promise.all(stored)));
}

let position = 0;

/** Puts an approval into the log of the run, as the hub does. */
async function approved(runId: string, shown: JsonObject, answer = 'approve'): Promise<JsonObject> {
  const approvalId = `${runId}-${1_000 + position}`;
  const sha256 = 'c'.repeat(64);
  const events = [
    ['TaskScheduled', { commandId: approvalId, resource: 'baton:approval', arguments: shown, sha256 }],
    ['ApprovalDecided', { commandId: approvalId, decision: answer, by: { type: 'user', id: 'ada' } }],
  ] as const;
  for (const [type, data] of events) {
    position += 1;
    await fixture.pool.query(
      `insert into baton.event (position, run_id, version, type, schema_version, event_id, recorded_at, actor, data, leaf_hash)
       values ($1::bigint, $2, $1::int, $3, 1, gen_random_uuid(), now(), '{}', $4, $5)`,
      [position, runId, type, JSON.stringify(data), Buffer.alloc(32)],
    );
  }
  return { approvalId, sha256, decision: answer, comment: '', by: 'user:ada' };
}

const runOf = (commandId: string): string => commandId.slice(0, 36);

/** Sends a task with an approval of what it shows, and gives what came of it. */
async function deploy(
  deployment: JsonObject,
  { shown = deployment, answer, task = {} }: { shown?: JsonObject; answer?: string; task?: JsonObject } = {},
) {
  // A task of the run says which run it is.
  const runId = await runIdOfFixture();
  const approval = await approved(runId, { title: 'Release', ...shown }, answer);
  const args = { ...deployment, approval, ...task };
  const commandId = await fixture.send({ arguments: args });
  return { commandId, args, result: await fixture.resultOf(commandId) };
}

let known: string | undefined;
async function runIdOfFixture(): Promise<string> {
  if (known === undefined) {
    const commandId = await fixture.send({ arguments: {} });
    await fixture.resultOf(commandId);
    known = runOf(commandId);
  }
  return known;
}

const failed = (data: unknown) => TaskFailed.parse(data);
const succeeded = (data: unknown) => TaskSucceeded.parse(data).output;
const deployed = (path: string): Promise<string> => readFile(join(target, path), 'utf8');

test('what was approved is deployed once, however often the task comes', async () => {
  const command = 'cp index.html "$BATON_DEPLOY_DIR"/ && echo run >> "$BATON_DEPLOY_DIR"/runs';
  const { commandId, args, result } = await deploy({ tree, deploy: { command } });
  expect(succeeded(result.data)).toMatchObject({
    ...{ deployed: true, tree, command, exitCode: 0, approval: { by: 'user:ada' } },
    execution: { driver: BATON_SANDBOX },
  });
  expect(await deployed('index.html')).toBe('<h1>Hello</h1>\n');
  await fixture.dispatch(commandId, 1, { arguments: args });
  expect(succeeded((await fixture.resultOf(commandId, 1)).data)).toEqual(succeeded(result.data));
  // Another task with the same approval, as after a timeout, finds it done, too.
  const other = await fixture.send({ arguments: args });
  expect(succeeded((await fixture.resultOf(other)).data)).toEqual(succeeded(result.data));
  expect(await deployed('runs')).toBe('run\n');
});

test('nothing is deployed under the approval of another version, a forged one, one that was refused, or none', async () => {
  const other = await version({ 'index.html': '<h1>Evil</h1>\n' });
  const section = { command: 'echo evil > "$BATON_DEPLOY_DIR"/evil' };
  const shown = { tree, deploy: section };
  const approval = { approvalId: `${await runIdOfFixture()}-99999`, sha256: 'c'.repeat(64) };
  for (const [deployment, options, reason] of [
    [{ tree: other, deploy: section }, { shown }, `The version ${tree} was approved`],
    [shown, { task: { approval } }, `No approval ${approval.approvalId} was given in this run.`],
    [shown, { answer: 'request-changes' }, 'was given in this run'],
    [shown, { task: { approval: null } }, 'The task has no approval'],
    [{ ...shown, deploy: { command: 'true' } }, { shown }, 'Another command was approved'],
  ] as const) {
    const { result } = await deploy(deployment, options);
    expect(failed(result.data)).toMatchObject({
      ...{ error: 'Baton.NotApproved', retryable: false },
      cause: expect.stringContaining(reason),
    });
  }
  expect(existsSync(join(target, 'evil'))).toBe(false);
});

test('a deployment that was begun and of which nobody knows the end is not repeated, unless it may be', async () => {
  const begun = async (section: JsonObject) => {
    const runId = await runIdOfFixture();
    const approval = await approved(runId, { tree, deploy: section });
    const commandId = await fixture.send({ arguments: {} });
    await fixture.resultOf(commandId);
    await fixture.pool.query('select * from baton.begin_deployment($1, $2, $3)', [
      commandId,
      approval.approvalId,
      tree,
    ]);
    const again = await fixture.send({ arguments: { tree, deploy: section, approval } });
    return fixture.resultOf(again);
  };
  const command = 'echo again >> "$BATON_DEPLOY_DIR"/again';
  expect(failed((await begun({ command })).data)).toMatchObject({
    ...{ error: 'Baton.DeployUnknown', retryable: false },
    cause: expect.stringContaining('nobody knows whether it was deployed'),
  });
  expect(existsSync(join(target, 'again'))).toBe(false);
  expect(succeeded((await begun({ command, idempotent: true })).data)).toMatchObject({ deployed: true });
  expect(await deployed('again')).toBe('again\n');
});

test('a command has what it names of what the operator keeps, and its output does not show it', async () => {
  const { result } = await deploy({
    ...{ tree, deploy: { env: ['SITE_KEY'], command: 'echo "key: $SITE_KEY" | tee "$BATON_DEPLOY_DIR"/key' } },
  });
  expect(succeeded(result.data)).toMatchObject({ output: 'key: [SITE_KEY]' });
  expect(await deployed('key')).toBe('key: s3cret-of-the-site\n');
  const { result: without } = await deploy({ tree, deploy: { command: 'echo "key: $SITE_KEY"; env' } });
  expect(succeeded(without.data)).toMatchObject({ output: expect.stringContaining('key: \n') });
  expect(JSON.stringify(without.data)).not.toMatch(/s3cret|DATABASE_URL|postgres:/);
  const { result: lacking } = await deploy({ tree, deploy: { env: ['OTHER_KEY'], command: 'true' } });
  expect(failed(lacking.data).cause).toContain('wants OTHER_KEY, which the operator does not give');
});

test('the tools file of the base says how, a failure says what was printed, and both have their sentence', async () => {
  const base = await version({
    '.baton/tools.yaml': 'checks: [{ name: t, command: "true" }]\ndeploy: { command: cat index.html missing }\n',
  });
  const { result } = await deploy({ tree, base });
  expect(failed(result.data)).toMatchObject({
    ...{ error: 'Baton.DeployFailed', retryable: false },
    cause: expect.stringMatching(/`cat index.html missing` did not deploy: .* exit code 1.*<h1>Hello<\/h1>.*missing/s),
  });
  for (const [file, reason] of [
    ['checks: [{ name: t, command: "true" }]\n', 'has no section deploy'],
    ['deploy: { comand: x }\n', 'has no key comand (did you mean command?)'],
  ] as const) {
    const { result: broken } = await deploy({ tree, base: await version({ '.baton/tools.yaml': file }) });
    expect(failed(broken.data)).toMatchObject({ error: 'Baton.InvalidInput', cause: expect.stringContaining(reason) });
  }
  const { result: hosts } = await deploy({ tree, deploy: { command: 'true', hosts: ['example.com'] } });
  expect(failed(hosts.data).cause).toContain('reaches the network');
});
