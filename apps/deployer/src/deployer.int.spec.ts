import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@baton/contracts';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { BATON_SANDBOX, type Deployments, failed, openDeployments, succeeded } from './testing/deployments.js';

let at: Deployments;
let tree: string;
beforeAll(async () => {
  const kept = { SITE_KEY: 's3cret-of-the-site' };
  at = await openDeployments(inject('postgresUrl'), { BATON_DEPLOY_ENV: 'SITE_KEY' }, kept);
  tree = await at.version({ 'index.html': '<h1>Hello</h1>\n' });
});
afterAll(() => at?.close());

test('what was approved is deployed once, however often the task comes', async () => {
  const command = 'cp index.html "$BATON_DEPLOY_DIR"/ && echo run >> "$BATON_DEPLOY_DIR"/runs';
  const { commandId, args, result } = await at.deploy({ tree, deploy: { command } });
  expect(succeeded(result.data)).toMatchObject({
    ...{ deployed: true, tree, command, exitCode: 0, approval: { by: 'user:ada' } },
    execution: { driver: BATON_SANDBOX },
  });
  expect(await at.deployed('index.html')).toBe('<h1>Hello</h1>\n');
  await at.fixture.dispatch(commandId, 1, { arguments: args });
  expect(succeeded((await at.fixture.resultOf(commandId, 1)).data)).toEqual(succeeded(result.data));
  // Another task with the same approval, as after a timeout, finds it done, too.
  const other = await at.fixture.send({ arguments: args });
  expect(succeeded((await at.fixture.resultOf(other)).data)).toEqual(succeeded(result.data));
  expect(await at.deployed('runs')).toBe('run\n');
});

test('nothing is deployed under the approval of another version, a forged one, one that was refused, or none', async () => {
  const other = await at.version({ 'index.html': '<h1>Evil</h1>\n' });
  const section = { command: 'echo evil > "$BATON_DEPLOY_DIR"/evil' };
  const shown = { tree, deploy: section };
  const approval = { approvalId: `${await at.runId()}-99999`, sha256: 'c'.repeat(64) };
  for (const [deployment, options, reason] of [
    [{ tree: other, deploy: section }, { shown }, `The version ${tree} was approved`],
    [shown, { task: { approval } }, `No approval ${approval.approvalId} was given in this run.`],
    [shown, { answer: 'request-changes' }, 'was given in this run'],
    [shown, { task: { approval: null } }, 'The task has no approval'],
    [{ ...shown, deploy: { command: 'true' } }, { shown }, 'Another command was approved'],
  ] as const) {
    const { result } = await at.deploy(deployment, options);
    expect(failed(result.data)).toMatchObject({
      ...{ error: 'Baton.NotApproved', retryable: false },
      cause: expect.stringContaining(reason),
    });
  }
  expect(existsSync(join(at.target, 'evil'))).toBe(false);
});

test('a deployment that was begun and of which nobody knows the end is not repeated, unless it may be', async () => {
  const begun = async (section: JsonObject) => {
    const runId = await at.runId();
    const approval = await at.approved(runId, { tree, deploy: section });
    const commandId = await at.fixture.send({ arguments: {} });
    await at.fixture.resultOf(commandId);
    await at.fixture.pool.query('select * from baton.begin_deployment($1, $2, $3)', [
      commandId,
      approval.approvalId,
      tree,
    ]);
    const again = await at.fixture.send({ arguments: { tree, deploy: section, approval } });
    return at.fixture.resultOf(again);
  };
  const command = 'echo again >> "$BATON_DEPLOY_DIR"/again';
  expect(failed((await begun({ command })).data)).toMatchObject({
    ...{ error: 'Baton.DeployUnknown', retryable: false },
    cause: expect.stringContaining('nobody knows whether it was deployed'),
  });
  expect(existsSync(join(at.target, 'again'))).toBe(false);
  expect(succeeded((await begun({ command, idempotent: true })).data)).toMatchObject({ deployed: true });
  expect(await at.deployed('again')).toBe('again\n');
});

test('a command has what it names of what the operator keeps, and its output does not show it', async () => {
  const { result } = await at.deploy({
    ...{ tree, deploy: { env: ['SITE_KEY'], command: 'echo "key: $SITE_KEY" | tee "$BATON_DEPLOY_DIR"/key' } },
  });
  expect(succeeded(result.data)).toMatchObject({ output: 'key: [SITE_KEY]' });
  expect(await at.deployed('key')).toBe('key: s3cret-of-the-site\n');
  const { result: without } = await at.deploy({ tree, deploy: { command: 'echo "key: $SITE_KEY"; env' } });
  expect(succeeded(without.data)).toMatchObject({ output: expect.stringContaining('key: \n') });
  expect(JSON.stringify(without.data)).not.toMatch(/s3cret|DATABASE_URL|postgres:/);
  const { result: lacking } = await at.deploy({ tree, deploy: { env: ['OTHER_KEY'], command: 'true' } });
  expect(failed(lacking.data).cause).toContain('wants OTHER_KEY, which the operator does not give');
});

test('the tools file of the base says how, a failure says what was printed, and both have their sentence', async () => {
  const base = await at.version({
    '.baton/tools.yaml': 'checks: [{ name: t, command: "true" }]\ndeploy: { command: cat index.html missing }\n',
  });
  const { result } = await at.deploy({ tree, base });
  expect(failed(result.data)).toMatchObject({
    ...{ error: 'Baton.DeployFailed', retryable: false },
    cause: expect.stringMatching(/`cat index.html missing` did not deploy: .* exit code 1.*<h1>Hello<\/h1>.*missing/s),
  });
  for (const [file, reason] of [
    ['checks: [{ name: t, command: "true" }]\n', 'has no section deploy'],
    ['deploy: { comand: x }\n', 'has no key comand (did you mean command?)'],
  ] as const) {
    const { result: broken } = await at.deploy({ tree, base: await at.version({ '.baton/tools.yaml': file }) });
    expect(failed(broken.data)).toMatchObject({ error: 'Baton.InvalidInput', cause: expect.stringContaining(reason) });
  }
});
