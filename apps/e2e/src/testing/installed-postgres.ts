import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@baton/service-kit';
import { until } from '@baton/test-stack';
import pg from 'pg';

const run = promisify(execFile);
const PASSWORD = 'of-the-owner-0123456789';
const OWNER = 'baton';

/** Where the server of this machine and its `pg_dump` lie, of one version; null where there is none. */
export function installedPostgres(): string | null {
  const folders = globSync('/usr/lib/postgresql/*/bin').sort().reverse();
  const whole = folders.find((folder) =>
    ['initdb', 'postgres', 'pg_dump'].every((name) => existsSync(join(folder, name))),
  );
  if (whole === undefined && process.env.BATON_TEST_POSTGRES === 'required')
    throw new Error('BATON_TEST_POSTGRES=required, but there is no Postgres with its pg_dump in /usr/lib/postgresql.');
  return whole ?? null;
}

/** Root's Postgres runs as somebody else. */
function account(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A server of the machine's own Postgres, as somebody runs one for Baton. */
export class InstalledPostgres {
  private constructor(
    private readonly bin: string,
    private readonly folder: string,
    private readonly port: number,
    private readonly server: ChildProcess,
  ) {}

  static async start(bin: string): Promise<InstalledPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'baton-installed-postgres-'));
    const who = account();
    const passwords = join(folder, 'password');
    writeFileSync(passwords, PASSWORD);
    if (who !== null) for (const path of [folder, passwords]) chownSync(path, who.uid, who.gid);
    const as = { ...who, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
    const data = join(folder, 'data');
    const choices = [
      `--username=${OWNER}`,
      `--pwfile=${passwords}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-sync',
    ];
    await run(join(bin, 'initdb'), ['-D', data, ...choices], as);
    const port = await freePort();
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'fsync=off',
      'max_connections=200',
    ];
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], {
      ...as,
      stdio: 'ignore',
    });
    const postgres = new InstalledPostgres(bin, folder, port, server);
    await until(
      () =>
        postgres.query('select 1').then(
          () => true,
          () => false,
        ),
      'the server to answer',
    );
    return postgres;
  }

  url(database: string): string {
    return `postgres://${OWNER}:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  async query(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    try {
      await client.connect();
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  /** Runs one of the programs that came with the server. */
  async tool(name: string, args: readonly string[]): Promise<void> {
    await run(join(this.bin, name), args, { maxBuffer: 2 ** 26 });
  }

  async stop(): Promise<void> {
    if (this.server.exitCode === null && this.server.signalCode === null) {
      const gone = once(this.server, 'exit');
      this.server.kill('SIGQUIT');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
