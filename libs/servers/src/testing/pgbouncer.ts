import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** Debian keeps it where an ordinary user's PATH does not lead. */
const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find((file) =>
  existsSync(file),
);

/** Why there is none here; null where there is one. */
export const noPgbouncerHere = program === undefined ? 'there is no pgbouncer on this machine' : null;

export interface Pgbouncer {
  /** The URL of a database by way of it. */
  reach(url: string): string;
  /** Kills it, and starts it again in the same place. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** `one`: whoever comes is the user of the URL. `logins`: each is who they say, with the password that the server knows. */
type Users = 'one' | 'logins';

/**
 * In transaction mode, with fewer connections to the server than it takes: what belongs to a connection is soon somebody else's.
 * As Debian has it (1.18) it keeps no prepared statements, and refuses settings of connections that it does not know.
 */
export async function startPgbouncer(
  serverUrl: string,
  mode: 'transaction' | 'session' = 'transaction',
  users: Users = 'one',
): Promise<Pgbouncer> {
  if (program === undefined) throw new Error(String(noPgbouncerHere));
  const folder = mkdtempSync(join(tmpdir(), 'baton-pgbouncer-'));
  chmodSync(folder, 0o755);
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  const known = join(folder, 'users.txt');
  writeFileSync(known, `"${username}" "${decodeURIComponent(password)}"\n`, { mode: 0o644 });
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${serverPort}${users === 'one' ? ` user=${username} password=${decodeURIComponent(password)}` : ''}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    ...(users === 'one'
      ? ['auth_type = any']
      : [
          'auth_type = scram-sha-256',
          `auth_file = ${known}`,
          `auth_user = ${username}`,
          'auth_query = select usename, passwd from pg_shadow where usename = $1',
        ]),
    `pool_mode = ${mode}`,
    'default_pool_size = 3',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 });
  // It refuses to be root, as Postgres does.
  const nobody = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const launch = (): ChildProcess => spawn(String(program), ['-q', file], { stdio: 'ignore', cwd: '/', ...nobody });
  let server = launch();
  const reach = (url: string): string => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href;
  const answers = (): Promise<void> =>
    eventually(async () => {
      const client = new pg.Client({ connectionString: reach(serverUrl) });
      client.on('error', () => {});
      await client.connect();
      await client.end();
    }, 'pgbouncer to answer');
  const kill = async (): Promise<void> => {
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  await answers();
  return {
    reach,
    async restart() {
      await kill();
      server = launch();
      await answers();
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const idOf = (flag: '-u' | '-g'): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
