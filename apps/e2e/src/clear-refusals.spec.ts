import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@baton/service-kit';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import { BASE_ENV, RedisServer, redisProgram, Stack } from '@baton/test-stack';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import * as commands from './testing/commands.js';
import { test } from './testing/shared-stack.js';
import { write } from './testing/write-file.js';

const baton = (args: readonly string[], env: Record<string, string>) =>
  commands.baton(args, { env: { ...BASE_ENV, BATON_MODEL: 'offline', ...env } });

/** One sentence that says what is wrong and what to do; no stack trace. */
const expectRefusal = (ended: Awaited<ReturnType<typeof baton>>, code: number, says: RegExp): void => {
  expect(ended.stderr).toMatch(says);
  expect(ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(ended.code, ended.stderr).toBe(code);
};

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'baton-refusals-'));
  await chmod(dir, 0o711); // Root's Postgres runs as somebody else.
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A whole Baton with few services, since each of them would be refused in the same way. */
const UP = ['up', '--only', 'gateway,orchestrator'] as const;

describe('baton up', () => {
  beforeAll(() => {
    for (const home of ['port', 'no-redis']) copyPostgresTemplate(join(dir, home, 'postgres'));
  });

  test('names the port that is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ended = await baton(UP, { BATON_HOME: join(dir, 'port'), BATON_PORT: String(port) });
    holder.close();
    expectRefusal(ended, 1, new RegExp(`${port}.*(in use|taken)`));
  });

  test.each([
    ['that refuses the port', 'redis://:secret-word@127.0.0.1:1'],
    ['whose host nobody knows', 'redis://:secret-word@no-such-host.invalid:6379'],
  ])('says of a Redis %s that it does not answer, and ends', async (_, REDIS_URL) => {
    const ended = await baton(UP, { BATON_HOME: join(dir, 'no-redis'), BATON_PORT: '0', REDIS_URL });
    expectRefusal(ended, 1, /queue server does not answer: redis at .*Check that it runs and that REDIS_URL is right/);
    expect(ended.stderr).not.toMatch(/goes on by itself|secret-word/);
  });

  test.skipIf(redisProgram() === null)('says of a Redis that its password is wrong, and ends', async () => {
    const port = await freePort();
    const server = spawn(redisProgram() ?? '', ['--port', String(port), '--requirepass', 'secret-word', '--save', '']);
    try {
      await once(server.stdout, 'data');
      for (const [user, says] of [
        ['', 'asks for a password'],
        [':another@', 'does not know this user or password'],
      ]) {
        const REDIS_URL = `redis://${user}127.0.0.1:${port}`;
        const ended = await baton(UP, { BATON_HOME: join(dir, 'no-redis'), BATON_PORT: '0', REDIS_URL });
        expectRefusal(ended, 1, new RegExp(`${says}\\. Check user, password and database in REDIS_URL`));
      }
    } finally {
      server.kill('SIGKILL');
    }
  });

  test('says that the database cannot be reached, without its password', async () => {
    const port = await freePort();
    const DATABASE_URL = `postgres://baton:secret-word@127.0.0.1:${port}/baton`;
    const ended = await baton(UP, { BATON_HOME: join(dir, 'down'), BATON_PORT: '0', DATABASE_URL });
    expectRefusal(ended, 1, new RegExp(`127\\.0\\.0\\.1:${port}`));
    expect(ended.stderr).not.toContain('secret-word');
  });

  test('refuses a database that a newer Baton made', async () => {
    const stack = await Stack.start({ args: ['--only', 'gateway'] });
    const newer = new Client({ connectionString: await stack.ownerUrl() });
    await newer.connect();
    await newer.query("insert into baton.schema_version values ('event-store', 999, 'from_the_future', '')");
    await newer.end();
    await stack.stop({ keepData: true });
    const ended = await baton(UP, { BATON_HOME: stack.home, BATON_PORT: String(await freePort()) });
    await rm(stack.home, { recursive: true });
    expectRefusal(ended, 1, /999.*newer version of Baton/s);
  });

  const program = redisProgram();
  test.skipIf(program === null)('refuses a Redis that may evict jobs, and says how to set it', async () => {
    const redis = await RedisServer.start(program ?? '', 'allkeys-lru');
    copyPostgresTemplate(join(dir, 'evicting/postgres'));
    const port = String(await freePort());
    const ended = await baton(UP, { BATON_HOME: join(dir, 'evicting'), BATON_PORT: port, REDIS_URL: redis.url });
    await redis.stop();
    expectRefusal(ended, 1, /allkeys-lru.*noeviction/s);
  });
});

describe('with a stack', () => {
  let stack: Stack;
  let env: Record<string, string>;
  test.beforeAll(async ({ everything }) => {
    stack = everything;
    env = { ...stack.env, ...(await stack.joinEnv()) };
  });

  test('a second owner of the same data is refused', async () => {
    const ended = await baton(['up'], { BATON_HOME: stack.home, BATON_PORT: String(await freePort()) });
    expectRefusal(ended, 1, /already/);
  });

  test('an unknown workflow is refused', async () => {
    expectRefusal(await baton(['run', 'submit', '--workflow', 'no-such', '--input', '{}'], env), 3, /no-such/);
  });

  test('input that fails the schema is refused with the place', async () => {
    expectRefusal(await baton(['run', 'submit', '--input', '{"requirements": 5}'], env), 2, /requirements/);
  });

  test.each([
    ['a missing requirements file', () => join(dir, 'missing.md')],
    ['an empty requirements file', async () => write(join(dir, 'empty.md'), '  \n')],
    ['a binary requirements file', async () => write(join(dir, 'binary.md'), Buffer.from([0, 1, 2, 0xff]))],
  ])('%s is refused', async (_, file) => {
    expectRefusal(await baton(['run', 'submit', '--requirements', await file()], env), 2, /requirements|\.md/);
  });

  test('a run that does not exist is exit code 3', async () => {
    expectRefusal(await baton(['run', 'get', '00000000-0000-4000-8000-000000000000'], env), 3, /no run/i);
  });

  test('a wrong token is exit code 4', async () => {
    expectRefusal(await baton(['run', 'list'], { ...env, BATON_TOKEN: 'wrong' }), 4, /BATON_TOKEN/);
  });

  test('a gateway that is not there is said in one sentence', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expectRefusal(await baton(['run', 'list'], { ...env, BATON_URL: url }), 1, /npm start|baton up/);
  });
});

test('a refused API key stops everything at its start with a sentence that names the key', async () => {
  const refusing = spawn(process.execPath, ['--input-type=module', '-e', REFUSE_EVERY_KEY], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(refusing.stdout, 'data');
  try {
    const requirements = await write(join(dir, 'small.md'), 'Count the words of a text.\n');
    copyPostgresTemplate(join(dir, 'key/postgres'));
    const ended = await baton(['demo', '--requirements', requirements, '--json', '--out', join(dir, 'out')], {
      BATON_HOME: join(dir, 'key'),
      BATON_MODEL: 'claude-sonnet-5-5',
      BATON_MODEL_PLANNER: 'claude-sonnet-5-5',
      ANTHROPIC_API_KEY: 'sk-wrong',
      ANTHROPIC_BASE_URL: String(line).trim(),
    });
    expectRefusal(ended, 1, /cannot start: ANTHROPIC_API_KEY was refused/);
  } finally {
    refusing.kill();
  }
});

const REFUSE_EVERY_KEY = `
  import { createServer } from 'node:http';
  const body = JSON.stringify({ type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } });
  const server = createServer((_, res) => res.writeHead(401, { 'content-type': 'application/json' }).end(body));
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
`;
