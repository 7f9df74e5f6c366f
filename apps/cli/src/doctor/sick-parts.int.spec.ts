import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { parseEnvironment } from '../environment.js';
import { claimHome } from '../up/home-owner.js';
import { checkDisk } from './machine-checks.js';
import { checkModelServer } from './model-server-check.js';
import { checkServices } from './service-checks.js';

const never = new AbortController().signal;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-doctor-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const env = (variables: Record<string, string> = {}) =>
  parseEnvironment({ BATON_HOME: join(dir, 'home'), ...variables }, '/');

describe('the services', () => {
  const connected = async (application_name: string): Promise<void> => {
    const client = new Client({ connectionString: inject('postgresUrl'), application_name });
    await client.connect();
    onTestFinished(() => client.end());
  };
  const claimed = (services: readonly string[]): void => {
    mkdirSync(join(dir, 'home'), { recursive: true });
    const claim = claimHome(join(dir, 'home'), null, services);
    onTestFinished(() => claim.release());
  };
  const check = () => checkServices(env({ DATABASE_URL: inject('postgresUrl') }));

  test('are not looked for where nothing was started', async () => {
    expect(await check()).toMatchObject({ status: 'ok', found: 'not running' });
  });
  test('that are dead are named, with the place of their last words', async () => {
    claimed(['orchestrator', 'planner']);
    await connected('worker-planner');
    expect(await check()).toMatchObject({
      status: 'fail',
      found: 'not at work: orchestrator',
      next: expect.stringContaining('orchestrator.log'),
    });
    await connected('baton-orchestrator');
    expect(await check()).toMatchObject({ status: 'ok', found: 'at work: orchestrator, planner' });
  });
  test('cannot be seen without their database', async () => {
    claimed(['planner']);
    const finding = await checkServices(env({ DATABASE_URL: 'postgres://u:secret-word@127.0.0.1:1/x' }));
    expect(finding).toMatchObject({ status: 'fail', found: expect.stringContaining('ECONNREFUSED') });
    expect(JSON.stringify(finding)).not.toContain('secret-word');
  });
});

describe('the server of the models', () => {
  /** A Models API that knows one key and one model. */
  async function server(): Promise<string> {
    const listening = createServer((request, response) => {
      const isKnown = request.headers['x-api-key'] === 'right-key';
      const isThere = request.url === '/v1/models/claude-x';
      const type = isKnown ? 'not_found_error' : 'authentication_error';
      response.writeHead(isKnown ? (isThere ? 200 : 404) : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isKnown && isThere ? { id: 'claude-x' } : { type: 'error', error: { type } }));
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      listening.closeAllConnections();
      listening.close();
    });
    const address = listening.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }
  const check = (variables: Record<string, string>) => checkModelServer(env(variables), never);

  test('is not asked without a key, nor for the offline model', async () => {
    expect(await check({})).toEqual([]);
    expect(await check({ ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'offline' })).toEqual([]);
  });
  test.each([
    ['takes the key and has the model', 'right-key', 'claude-x', 'ok', /takes the key and has claude-x/],
    ['refuses a wrong key', 'wrong-key', 'claude-x', 'fail', /refuses the key/],
    ['does not have a model', 'right-key', 'claude-y', 'fail', /has no model claude-y/],
  ])('%s', async (_, key, model, status, found) => {
    const findings = await check({ ANTHROPIC_API_KEY: key, BATON_MODEL: model, ANTHROPIC_BASE_URL: await server() });
    expect(findings).toMatchObject([{ status, found: expect.stringMatching(found) }]);
    expect(JSON.stringify(findings)).not.toContain(key);
  });
  test('that answers with a web page is none', async () => {
    const page = createServer((_, response) => void response.setHeader('content-type', 'text/html').end('<html>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      page.closeAllConnections();
      page.close();
    });
    const address = page.address();
    const url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    const findings = await check({ ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'm', ANTHROPIC_BASE_URL: url });
    expect(findings).toMatchObject([{ status: 'fail', found: expect.stringContaining('a web page') }]);
  });
  test('of another provider is asked in its way, or not at all', async () => {
    const openai = { BATON_PROVIDER: 'openai', OPENAI_API_KEY: 'k', OPENAI_BASE_URL: await server() };
    expect(await check({ ...openai, BATON_MODEL: 'm' })).toMatchObject([
      { status: 'fail', found: expect.stringContaining('refuses the key') },
    ]);
    expect(await check(openai)).toEqual([]);
    expect(await check({ BATON_PROVIDER: 'bedrock', BATON_MODEL: 'm' })).toMatchObject([{ status: 'warn' }]);
  });
  test('that is away is told by its host alone', async () => {
    const away = { ANTHROPIC_API_KEY: 'k', BATON_MODEL: 'm', ANTHROPIC_BASE_URL: 'http://u:secret-word@127.0.0.1:1' };
    const findings = await check(away);
    expect(findings).toMatchObject([{ status: 'fail', found: expect.stringContaining('127.0.0.1:1 does not answer') }]);
    expect(JSON.stringify(findings)).not.toContain('secret-word');
  });
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

test.skipIf(!canMount)('a disk without room for a database is a failure', ({ skip }) => {
  const small = join(dir, 'small');
  mkdirSync(small);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', small]);
  skip(mounted.status !== 0, 'this machine lets nobody mount');
  const finding = checkDisk(env({ BATON_HOME: small }));
  spawnSync('umount', [small]);
  expect(finding).toMatchObject({ status: 'fail', next: expect.stringContaining('room') });
  expect(checkDisk(env()).status).not.toBe('fail');
});
