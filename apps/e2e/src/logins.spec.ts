import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@baton/service-kit';
import { BASE_ENV, CLI, ROOT, Stack } from '@baton/test-stack';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);

/** A server that somebody else runs and that knows nothing of Baton, with a user who owns the database and may make no roles. */
let folder: string;
let server: EmbeddedPostgres;
let ownerUrl: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-own-postgres-'));
  await chmod(folder, 0o755);
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'server'), log: () => {} });
  await asAdmin(`create role plain login password 'a-plain-password'`);
  await asAdmin('create database theirs owner plain');
  const url = new URL(server.url);
  Object.assign(url, { username: 'plain', password: 'a-plain-password', pathname: '/theirs' });
  ownerUrl = url.href;
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function asAdmin<T>(statement: string): Promise<T[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const theirs = (url: string): string => Object.assign(new URL(url), { pathname: '/theirs' }).href;
const usersOfServices = async (): Promise<readonly string[]> =>
  (
    await asAdmin<{ name: string }>(`select distinct usename as name from pg_stat_activity where datname = 'theirs'`)
  ).map(({ name }) => name);

test('on a Postgres of the user, an administrator makes the logins, and from then on no service has the owner’s rights', async () => {
  const home = join(folder, 'home');
  await asAdmin('create role baton_hub');
  await asAdmin('create role baton_gateway');
  await asAdmin('create role baton_worker');
  await asAdmin('grant baton_hub, baton_gateway, baton_worker to plain');
  const options = { home, env: { DATABASE_URL: ownerUrl }, args: ['--only', 'gateway,orchestrator,planner'] };
  const before = await Stack.start(options);
  expect(before.output).toMatch(/WARNING: the services have no logins of their own.*baton -- database logins/s);
  expect(await usersOfServices()).toEqual(['plain']);
  await before.stop({ keepData: true });

  const env = { ...BASE_ENV, BATON_HOME: home, DATABASE_URL: theirs(server.url) };
  const { stdout } = await run(process.execPath, [CLI, 'database', 'logins', '-o', 'jsonl'], { cwd: ROOT, env });
  expect(stdout).toContain('baton_login_planner');
  expect((await stat(join(home, 'logins.json'))).mode & 0o777).toBe(0o600);

  const stack = await Stack.start(options);
  try {
    expect(stack.output).not.toContain('WARNING');
    expect(new Set(await usersOfServices())).toEqual(
      new Set(['baton_login_gateway', 'baton_login_orchestrator', 'baton_login_planner']),
    );
    expect((await stack.joinEnv())?.DATABASE_URL).toContain('//baton_login_worker:');
    const environment = await readFile(`/proc/${await stack.pidOf('planner')}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toContain('a-plain-password');
    expect(environment).not.toContain('BATON_LOGIN_');
  } finally {
    await stack.stop();
  }
});
