import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedPostgres } from '../embedded-postgres/cluster.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.js';
import { copyPostgresTemplate } from './postgres-template.js';

/* Servers of a test's own, to be made read-only, killed and promoted. */

const QUICK = { fsync: 'off', full_page_writes: 'off' };

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-own-postgres-'));
  chmodSync(folder, 0o755); // Root's Postgres runs as somebody else.
  return folder;
}

const start = (dataDir: string, settings: Readonly<Record<string, string>>): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir, log: () => {}, settings: { ...QUICK, ...settings } });

/** One server; `stop` removes it. */
export async function startOwnPostgres(): Promise<EmbeddedPostgres> {
  const folder = freshFolder();
  copyPostgresTemplate(folder);
  const server = await start(folder, {});
  return {
    ...server,
    async stop() {
      await server.stop();
      removeEmbeddedPostgres(folder);
    },
  };
}

export interface PostgresPair {
  readonly primary: EmbeddedPostgres;
  /** Follows the primary; what it was told with ALTER SYSTEM holds. */
  readonly standby: EmbeddedPostgres;
  /** The URL of a database of the primary, with both servers in it. */
  readonly reach: (url: string) => string;
  readonly stop: () => Promise<void>;
}

/** @param synchronous whether a commit waits for the standby */
export async function startPostgresPair(synchronous: boolean): Promise<PostgresPair> {
  const [folder, copy] = [freshFolder(), freshFolder()];
  copyPostgresTemplate(folder);
  // Once alone: a folder is copied while nobody writes to it, with the database in it.
  await (await start(folder, {})).stop();
  execFileSync('cp', ['-a', `${folder}/.`, copy]);
  const names = synchronous ? { synchronous_standby_names: '*', synchronous_commit: 'on' } : {};
  const primary = await start(folder, names);
  follow(copy, primary);
  rmSync(join(copy, 'port'), { force: true });
  const standby = await start(copy, {});
  return {
    primary,
    standby,
    reach: (url) => url.replace(`127.0.0.1:${primary.port}`, `127.0.0.1:${primary.port},127.0.0.1:${standby.port}`),
    async stop() {
      // Who waits for a standby that ends first would wait until it is killed.
      await Promise.all([primary.stop(), standby.stop()]);
      for (const each of [folder, copy]) removeEmbeddedPostgres(each);
    },
  };
}

function follow(folder: string, { url, port }: EmbeddedPostgres): void {
  const data = join(folder, 'data');
  const { uid, gid } = statSync(data);
  const signal = join(data, 'standby.signal');
  writeFileSync(signal, '');
  chownSync(signal, uid, gid);
  const { username, password } = new URL(url);
  const place = `host=127.0.0.1 port=${port} user=${username} password=${decodeURIComponent(password)}`;
  // Not among the settings of the command line: those stand above what ALTER SYSTEM says.
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${place} application_name=standby'\n`);
}
