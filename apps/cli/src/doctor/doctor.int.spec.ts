import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withSaidModel } from '@baton/contracts';
import { noPgbouncerHere, startPgbouncer } from '@baton/servers/testing';
import { freePort } from '@baton/service-kit';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { parseEnvironment, ROOT } from '../environment.js';
import { Bench } from '../testing/baton.js';
import { json, problem, serve } from '../testing/http-server.js';
import { claimHome } from '../up/home-owner.js';
import { modelsOf } from '../up/model-mode.js';
import { holdPort } from '../up/testing/tiny-services.js';
import { checkBuild, checkEmbeddedPostgres, checkHome, checkNode, checkPlatform } from './machine-checks.js';
import { checkModel, modelsSaid, runningModels } from './model-check.js';
import { checkSandbox, chooseSandbox, sandboxFinding } from './sandbox-check.js';
import { checkDatabase, checkGateway, checkPort, checkQueues } from './server-checks.js';
import { checkTemplates } from './template-check.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-doctor-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const env = (variables: Record<string, string> = {}) =>
  parseEnvironment({ BATON_HOME: join(dir, 'home'), ...variables }, '/');

describe('the machine', () => {
  test('needs the pinned Node, and says how to get it', () => {
    expect(checkNode('24.21.0').status).toBe('ok');
    expect(checkNode('25.0.0')).toMatchObject({ status: 'warn', next: expect.stringContaining('npm install') });
    expect(checkNode('20.20.2').status).toBe('fail');
  });
  test('is one of the platforms with binaries', () => {
    expect(checkPlatform('linux-x64').status).toBe('ok');
    expect(checkPlatform('win32-x64')).toMatchObject({ status: 'warn', next: expect.stringContaining('DATABASE_URL') });
    expect(checkEmbeddedPostgres(dir, 'linux-x64', env()).status).toBe('fail');
    expect(checkEmbeddedPostgres(dir, 'linux-x64', env({ DATABASE_URL: 'postgres://x' })).status).toBe('ok');
  });
  test('has every service built', () => {
    expect(checkBuild(dir)).toMatchObject({ status: 'fail', found: expect.stringContaining('gateway') });
  });
});

describe('the data directory', () => {
  const home = () => join(dir, 'home');
  test('may not exist yet', () => {
    expect(checkHome(env()).status).toBe('ok');
  });
  test('must not show its secrets to others', () => {
    mkdirSync(home(), { mode: 0o700 });
    writeFileSync(join(home(), 'token'), 't', { mode: 0o600 });
    expect(checkHome(env()).status).toBe('ok');
    chmodSync(join(home(), 'token'), 0o644);
    expect(checkHome(env())).toMatchObject({ status: 'fail', next: expect.stringContaining('chmod 600') });
  });
  test('must not be writable by others, and must be a directory', () => {
    mkdirSync(home());
    chmodSync(home(), 0o777);
    expect(checkHome(env())).toMatchObject({ status: 'fail', next: expect.stringContaining('chmod go-w') });
    rmSync(home(), { recursive: true });
    writeFileSync(home(), '');
    expect(checkHome(env()).status).toBe('fail');
  });
});

test('a port is free, or another program’s', async () => {
  const held = await holdPort();
  expect((await checkPort(env({ BATON_PORT: String(held.port) }))).status).toBe('fail');
  held.release();
  expect((await checkPort(env({ BATON_PORT: String(await freePort()) }))).status).toBe('ok');
});

test('the port of a running stack is ours, whatever port a start from this shell would take', async () => {
  const held = await holdPort();
  mkdirSync(join(dir, 'home'), { mode: 0o700 });
  claimHome(join(dir, 'home'), `http://127.0.0.1:4417`);
  const finding = await checkPort(env({ BATON_PORT: String(held.port) }));
  held.release();
  expect(finding).toMatchObject({ status: 'ok', found: '127.0.0.1:4417 is ours' });
});

describe('the database', () => {
  let url: string;
  const admin = async (sql: string, on = inject('postgresUrl')): Promise<void> => {
    const client = new Client({ connectionString: on });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  beforeEach(async () => {
    const name = `doctor_${process.pid}`;
    await admin(`create database ${name}`);
    url = Object.assign(new URL(inject('postgresUrl')), { pathname: `/${name}` }).href;
  });
  afterEach(() => admin(`drop database doctor_${process.pid} with (force)`));
  const check = () => checkDatabase(env({ DATABASE_URL: url }), ROOT);

  test('may be empty, and fails when its schema is newer than the program', async () => {
    expect(await check()).toMatchObject({ status: 'ok', found: expect.stringContaining('empty') });
    await admin('create schema baton; create table baton.schema_version (component text, version int)', url);
    await admin(`insert into baton.schema_version values ('event-store', 1)`, url);
    expect(await check()).toMatchObject({ status: 'ok', found: expect.stringContaining('older schema') });
    const others = ['notifications', 'read-model', 'event-store/append_batch'].map((name) => `('${name}', 1)`);
    await admin(`insert into baton.schema_version values ${others.join(', ')}`, url);
    expect(await check()).toMatchObject({ status: 'ok' });
    await admin(`insert into baton.schema_version values ('event-store/append_batch', 8888)`, url);
    expect(await check()).toMatchObject({ status: 'fail', found: expect.stringContaining('append_batch at 8888') });
    await admin('delete from baton.schema_version where version = 8888', url);
    await admin(`insert into baton.schema_version values ('event-store', 9999)`, url);
    expect(await check()).toMatchObject({ status: 'fail', found: expect.stringContaining('9999') });
  });
  test.skipIf(noPgbouncerHere !== null)('is not to be reached through a pooler alone', async () => {
    const bouncer = await startPgbouncer(inject('postgresUrl'));
    onTestFinished(() => bouncer.stop());
    const pooled = { DATABASE_URL: bouncer.reach(url) };
    expect(await checkDatabase(env(pooled), ROOT)).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('DATABASE_URL leads to a pooler'),
      next: expect.stringContaining('BATON_DATABASE_DIRECT_URL'),
    });
    expect((await checkDatabase(env({ ...pooled, BATON_DATABASE_DIRECT_URL: url }), ROOT)).status).toBe('ok');
  });
  test('that only reads is told as such', async () => {
    await admin(`alter database doctor_${process.pid} set default_transaction_read_only = on`);
    expect(await check()).toMatchObject({ status: 'fail', found: expect.stringContaining('only reads') });
  });
  test('that does not answer is told without its password', async () => {
    const finding = await checkDatabase(env({ DATABASE_URL: 'postgres://u:secret-word@127.0.0.1:1/x' }), ROOT);
    expect(finding).toMatchObject({ status: 'fail', found: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(finding)).not.toContain('secret-word');
  });
});

const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

describe('the queues', () => {
  test('are on Postgres without REDIS_URL, and fail where no Redis answers', async () => {
    expect((await checkQueues(env())).status).toBe('ok');
    const finding = await checkQueues(env({ REDIS_URL: 'redis://127.0.0.1:1' }));
    expect(finding).toMatchObject({ status: 'fail', found: expect.stringContaining('ECONNREFUSED') });
    const unknown = await checkQueues(env({ REDIS_URL: 'rediss://127.0.0.1:1?ssl_ca_certs=/nowhere.pem' }));
    expect(unknown).toMatchObject({ status: 'fail', found: expect.stringContaining('/nowhere.pem') });
  });
  test.skipIf(inject('redisUrl') === null)('are fine on a Redis that never evicts', async () => {
    expect((await checkQueues(env({ REDIS_URL: inject('redisUrl') ?? '' }))).status).toBe('ok');
  });
  test.skipIf(!hasRedisServer)('fail on a Redis that may drop jobs', async () => {
    const port = await freePort();
    const options = ['--port', String(port), '--save', '', '--maxmemory-policy', 'allkeys-lru'];
    const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await new Promise<void>((resolve) => {
        server.stdout.on('data', (text: Buffer) => text.includes('Ready to accept') && resolve());
      });
      const finding = await checkQueues(env({ REDIS_URL: `redis://127.0.0.1:${port}` }));
      expect(finding).toMatchObject({ status: 'fail', next: expect.stringContaining('noeviction') });
    } finally {
      server.kill();
    }
  });
});

describe('gateway and token', () => {
  const never = new AbortController().signal;
  test('says what its services said of their templates, and nothing where they said nothing', async () => {
    const bench = await Bench.start();
    const check = () =>
      checkTemplates(env({ BATON_URL: bench.server.url, BATON_TOKEN: 't' }), new AbortController().signal);
    expect(await check()).toEqual([]);
    const problem = { layer: '/mine', path: 'a.md', id: 'a', variant: 'main', problem: 'a.md cannot be used.' };
    bench.routes.set('GET /v1/templates', (_, response) => json(response, 200, { templates: [], problems: [problem] }));
    expect(await check()).toMatchObject([{ status: 'warn', found: '0 in use. a.md cannot be used.' }]);
    await bench.stop();
  });
  test('are told apart', async () => {
    const bench = await Bench.start();
    const at = env({ BATON_URL: bench.server.url, BATON_TOKEN: 't' });
    bench.routes.set('GET /v1/runs', (_, response) => json(response, 200, { runs: [], next: null }));
    expect((await checkGateway(at, never)).map(({ status }) => status)).toEqual(['ok', 'ok']);
    bench.routes.set('GET /v1/runs', (_, response) => problem(response, 401, 'unauthorized', 'No.'));
    expect((await checkGateway(at, never)).map(({ status }) => status)).toEqual(['ok', 'fail']);
    await bench.stop();
    expect((await checkGateway(at, never)).map(({ status }) => status)).toEqual(['fail', 'ok']);
  });
  test('that were never started are no failure', async () => {
    const findings = await checkGateway(env({ BATON_PORT: String(await freePort()) }), never);
    expect(findings.map(({ status, found }) => [status, found])).toEqual([
      ['ok', 'not running'],
      ['ok', 'made at the first start'],
    ]);
  });
});

describe('model and sandbox', () => {
  test.each<readonly [Record<string, string>, string, RegExp]>([
    [{}, 'ok', /offline/],
    [
      { ANTHROPIC_API_KEY: 'k' },
      'ok',
      /claude-opus-5-5 for planner and programmer and tester; claude-sonnet-5-5 for validator and prompt and advisor/,
    ],
    [
      { ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'm', BATON_MODEL_PLANNER: 'p' },
      'ok',
      /p for planner; m for validator and programmer and tester and prompt and advisor/,
    ],
    [{ ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'offline' }, 'warn', /offline/],
    [{ ANTHROPIC_BASE_URL: 'http://x' }, 'warn', /offline/],
  ])('the model of %j', (variables, status, found) => {
    expect(checkModel(env(variables))).toMatchObject({ status, found: expect.stringMatching(found) });
  });
  const worker = (kind: string, model: string, status: 'alive' | 'silent' = 'alive') => ({
    ...{ workerId: '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11', kind, version: '1', host: 'here', pid: 1, concurrency: 1 },
    ...{ load: 0, status, startedAt: '', seenAt: '', input: null, output: null },
    description: withSaidModel('Works.', model),
  });
  test('the model is that of the services that run, whatever this shell says', async () => {
    const workers = [worker('planner', 'claude-1'), worker('validator', 'claude-1'), worker('prompt', 'old', 'silent')];
    const gateway = await serve((_, response) => json(response, 200, { workers }));
    const running = await runningModels(env({ BATON_URL: gateway.url, BATON_TOKEN: 't' }), AbortSignal.timeout(5_000));
    await gateway.kill();
    expect(running).toEqual({ planner: 'claude-1', validator: 'claude-1' });
    expect(checkModel(env(), running)).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/^claude-1, as the services that run say; .* from this shell would take: offline/),
    });
    expect(checkModel(env({ ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'claude-1' }), running).found).toBe('claude-1');
    expect(sandboxFinding(await withoutSandbox(), { ...modelsOf(env()), ...running }).status).toBe('ok');
    expect(sandboxFinding(await withoutSandbox(), { programmer: 'claude-1' }).status).toBe('warn');
  });
  test('several workers of a kind may have several models, and one of one’s own says none', () => {
    const own = { ...worker('planner', ''), description: 'Plans my way.' };
    expect(modelsSaid([worker('planner', 'a'), worker('planner', 'b.c'), own, worker('mine', 'd')])).toEqual({
      planner: 'a or b.c',
    });
  });
  test('is not known to anybody where no gateway answers', async () => {
    expect(await runningModels(env({ BATON_URL: 'http://127.0.0.1:1' }), AbortSignal.timeout(5_000))).toEqual({});
  });
  const withoutSandbox = async () =>
    ({
      ...(await chooseSandbox('none', join(dir, 'home'))),
      executes: 'trusted',
      summary: 'there is no sandbox: x',
      next: 'Install it.',
    }) as const;
  test('the sandbox is tried, and what keeps it from working is said with what to install', async () => {
    const finding = await checkSandbox(env(), { programmer: 'offline' });
    expect(finding.found).toMatch(/^bwrap, with|there is no sandbox: /);
    const missing = await withoutSandbox();
    const wanting = { status: 'warn', next: 'Install it.' };
    const models = (variables: Record<string, string>) => modelsOf({ all: variables });
    expect(sandboxFinding(missing, models({})).status).toBe('ok');
    expect(sandboxFinding(missing, models({ ANTHROPIC_API_KEY: 'k' }))).toMatchObject(wanting);
    expect(sandboxFinding(missing, models({ ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'offline' })).status).toBe('ok');
    expect(sandboxFinding(missing, models({ BATON_PROVIDER: 'openai', BATON_MODEL: 'm' }))).toMatchObject(wanting);
    expect(sandboxFinding({ ...missing, executes: 'nothing' }, models({})).status).toBe('warn');
  });
  test('running what a model wrote without a sandbox is worth a warning, and a word that is not known fails', async () => {
    expect(await checkSandbox(env({ BATON_SANDBOX: 'none' }), {})).toMatchObject({
      status: 'warn',
      found: expect.stringContaining('everything is executed'),
    });
    expect(await checkSandbox(env({ BATON_SANDBOX: 'off' }), {})).toMatchObject({
      status: 'fail',
      next: expect.stringContaining('bwrap or none'),
    });
  });
});
