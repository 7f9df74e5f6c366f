import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isPortFree } from '../ports.js';
import { copyPostgresTemplate } from '../testing/postgres-template.js';
import { packageFolder } from './binaries.js';
import { isRunning, postgresProcessesIn, waitUntil } from './process-facts.js';
import { initialisedFolder, query, start, temporaryFolder } from './testing/owners.js';

function occupy(port: number): Promise<void> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** The living descendants of this process. */
function descendants(): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (pid: number): readonly number[] =>
    rows.flatMap(([child = 0, parent]) => (parent === pid ? [child, ...below(child)] : []));
  return below(process.pid).filter(isRunning);
}

test('a first start gives a Postgres that answers, within seconds', async () => {
  const began = performance.now();
  const postgres = await start(temporaryFolder());
  // About 0.7 s on an idle machine; the bound leaves room for a busy one.
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(await query(postgres.url, 'select current_database() as database')).toEqual([{ database: 'baton' }]);
});

test('the cluster has checksums, the builtin C.UTF-8 locale, scram passwords, and no address but the loopback', async () => {
  const folder = temporaryFolder();
  const postgres = await start(folder);
  const names = `'data_checksums','password_encryption','listen_addresses','max_connections','unix_socket_directories'`;
  const rows = await query(
    postgres.url,
    `select name, setting from pg_settings where name in (${names}) order by name`,
  );
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    data_checksums: 'on',
    listen_addresses: '127.0.0.1',
    max_connections: '200',
    password_encryption: 'scram-sha-256',
    unix_socket_directories: `"${join(realpathSync(folder), 'socket')}"`,
  });
  const locale = 'select datlocprovider, datlocale, pg_encoding_to_char(encoding) as encoding from pg_database';
  expect(await query(postgres.url, `${locale} where datname = current_database()`)).toEqual([
    { datlocprovider: 'b', datlocale: 'C.UTF-8', encoding: 'UTF8' },
  ]);
});

test('nobody gets in without the generated password, which only its owner can read', async () => {
  const folder = temporaryFolder();
  const postgres = await start(folder);
  const wrong = postgres.url.replace(/:[^:@/]+@/, ':wrong@');
  await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'password'), 'utf8').trim().length).toBeGreaterThanOrEqual(32);
});

const IS_LOCAL = 'select inet_client_addr() is null as is_local';

test('programs of the same user reach it over a socket that nobody else may open, with the password too', async () => {
  const folder = initialisedFolder();
  const postgres = await start(folder);
  expect(await query(postgres.localUrl, IS_LOCAL)).toEqual([{ is_local: true }]);
  expect(await query(postgres.url, IS_LOCAL)).toEqual([{ is_local: false }]);
  expect(statSync(join(folder, 'socket')).mode & 0o777).toBe(0o700);
  const wrong = postgres.localUrl.replace(/:[^:@/]+@/, ':wrong@');
  await expect(query(wrong, 'select 1')).rejects.toThrow(/password authentication failed/);
});

test('a folder whose name has what lists and URLs are made of has a socket like any other', async () => {
  const folder = join(temporaryFolder(), `a, "b" & c%`);
  copyPostgresTemplate(folder, true);
  const postgres = await start(folder);
  expect(await query(postgres.localUrl, IS_LOCAL)).toEqual([{ is_local: true }]);
  // Libpq takes a plus for a plus.
  expect(postgres.localUrl).not.toContain('+');
});

test.each([
  { what: 'be made', directories: `/${'deep'.repeat(30)}`, said: 'it can have no socket' },
  { what: 'be locked', directories: '/nowhere/at-all', said: 'it can have no socket' },
  { what: 'be reached', directories: '', said: 'its socket cannot be reached' },
])('where a socket cannot $what the server starts all the same, and is reached by its port', async (at) => {
  const said: string[] = [];
  const settings = { unix_socket_directories: at.directories };
  const postgres = await start(initialisedFolder(), { settings, log: (line) => said.push(line) });
  expect(postgres.localUrl).toBe(postgres.url);
  expect(await query(postgres.localUrl, IS_LOCAL)).toEqual([{ is_local: false }]);
  expect(said.filter((line) => line.startsWith(at.said))).toHaveLength(1);
});

test('where the path is too long for a socket the server is reached by its port alone', async () => {
  const folder = join(temporaryFolder(), 'deep'.repeat(25));
  copyPostgresTemplate(folder, true);
  const postgres = await start(folder);
  expect(postgres.localUrl).toBe(postgres.url);
  expect(await query(postgres.localUrl, IS_LOCAL)).toEqual([{ is_local: false }]);
});

test('what a killed server left of its socket is no obstacle, whoever has its process number by now', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await first.stop();
  const lock = `${process.pid}\n${join(folder, 'data')}\n0\n${first.port}\n${join(folder, 'socket')}\n`;
  writeFileSync(join(folder, `socket/.s.PGSQL.${first.port}.lock`), lock);
  writeFileSync(join(folder, `socket/.s.PGSQL.${first.port}`), '');
  const second = await start(folder);
  expect(second.port).toBe(first.port);
  expect(await query(second.localUrl, IS_LOCAL)).toEqual([{ is_local: true }]);
});

test('a clean stop leaves no process and no claim, and the next start has the data and the port', async () => {
  const before = descendants();
  const folder = initialisedFolder();
  const first = await start(folder);
  const started = descendants().filter((pid) => !before.includes(pid));
  expect(started).toContain(first.pid);
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  expect(await first.exited).toEqual({ code: 0, signal: null });
  expect(await waitUntil(() => !started.some(isRunning), 1_000)).toBe(true);
  expect(postgresProcessesIn(join(folder, 'data'))).toEqual([]);
  expect(readdirSync(folder).filter((file) => file.startsWith('owner-'))).toEqual([]);
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toContain('database system is shut down');

  const second = await start(folder);
  expect(second.port).toBe(first.port);
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('stop is harmless when the server has ended already, and when called twice at once', async () => {
  const postgres = await start(initialisedFolder());
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
});

test('stop does not wait for sessions that are at work', async () => {
  const postgres = await start(initialisedFolder());
  const asleep = expect(query(postgres.url, 'select pg_sleep(60)')).rejects.toThrow();
  const began = performance.now();
  await postgres.stop();
  await asleep;
  expect(performance.now() - began).toBeLessThan(8_000);
});

test('another port is chosen when the remembered one is taken', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await first.stop();
  await occupy(first.port);
  const second = await start(folder);
  expect(second.port).not.toBe(first.port);
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a fixed port is used, and refused with a clear message when it is taken', async () => {
  const folder = initialisedFolder();
  const before = await start(folder);
  const { port } = before;
  await before.stop();
  expect(await isPortFree(port)).toBe(true);
  const fixed = await start(folder, { port });
  expect(fixed.port).toBe(port);
  await fixed.stop();
  await occupy(port);
  await expect(start(folder, { port })).rejects.toMatchObject({ code: 'port-in-use' });
});

test('a lost password file is reported, and the directory is free again afterwards', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  const password = readFileSync(join(folder, 'password'), 'utf8');
  await first.stop();
  rmSync(join(folder, 'password'));
  await expect(start(folder)).rejects.toMatchObject({ code: 'embedded-postgres-incomplete' });
  writeFileSync(join(folder, 'password'), 'not the password\n');
  await expect(start(folder)).rejects.toMatchObject({ code: 'embedded-postgres-refused' });
  writeFileSync(join(folder, 'password'), password);
  await start(folder);
});

test('data of another major version is not touched', async () => {
  const folder = initialisedFolder();
  const first = await start(folder);
  await first.stop();
  writeFileSync(join(folder, 'data/PG_VERSION'), '14\n');
  await expect(start(folder)).rejects.toMatchObject({ code: 'embedded-postgres-version' });
});

test('a server that cannot start says why in one line', async () => {
  await expect(start(initialisedFolder(), { settings: { max_connections: 'many' } })).rejects.toMatchObject({
    code: 'embedded-postgres-start-failed',
    message: expect.stringContaining('invalid value for parameter "max_connections"'),
  });
});

test('a platform without binaries is told to set DATABASE_URL', () => {
  expect(() => packageFolder('plan9-mips')).toThrow(
    expect.objectContaining({ code: 'embedded-postgres-unsupported', next: expect.stringContaining('DATABASE_URL') }),
  );
});
