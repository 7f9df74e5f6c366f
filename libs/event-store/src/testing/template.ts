import { createHash, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { migrate } from '../migrate.js';
import { createPool } from '../pool.js';
import { type MigrationSet, readFunctions, readMigrations } from '../schema-files.js';

/*
 * Each statement of each migration costs a server more than copying all that they amount to. So databases of the same
 * migrations are copies of one that was migrated: the first to ask for it makes it, and it stays on its server.
 */

/** What a database holds beside its migrations, such as the tables of queues. */
export interface Preparation {
  /** Tells it from others. */
  readonly name: string;
  readonly prepare: (url: string) => Promise<void>;
}

export interface Contents {
  readonly sets: readonly MigrationSet[];
  readonly more: readonly Preparation[];
}

/** So that of several processes one makes the template, and the others wait. */
const ADVISORY_LOCK = 7_262_616_003;

/** What makes a copy one of its own, by template: asked for once a process. */
const drawn = new Map<string, string>();

/** Makes a database of this name on the server, as `migrate` would leave it with these sets. */
export async function copyOfTemplate(
  { admin, urlOf }: { readonly admin: Pool; readonly urlOf: (name: string) => string },
  contents: Contents,
  name: string,
): Promise<void> {
  const template = `template_${await digestOf(contents)}`;
  await makeTemplate(admin, urlOf, contents, template);
  // As files: page by page through the memory of the server and its log, it costs twice as much.
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  await withPool(urlOf(name), async (pool) => {
    const statements = drawn.get(urlOf(template)) ?? (await drawsOf(pool));
    drawn.set(urlOf(template), statements);
    if (statements !== '') await pool.query(statements);
  });
}

/** Under another name until it is whole. */
async function makeTemplate(admin: Pool, urlOf: (name: string) => string, { sets, more }: Contents, name: string) {
  const client = await admin.connect();
  const isThere = async () => (await client.query('select from pg_database where datname = $1', [name])).rowCount === 1;
  try {
    if (await isThere()) return;
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    if (!(await isThere())) {
      const unfinished = `unfinished_${randomUUID().replaceAll('-', '')}`;
      await client.query(`create database ${unfinished}`);
      await migrate(urlOf(unfinished), sets);
      for (const { prepare } of more) await prepare(urlOf(unfinished));
      await client.query(`alter database ${unfinished} rename to ${name}`);
    }
    await client.query('select pg_advisory_unlock($1)', [ADVISORY_LOCK]);
  } finally {
    client.release();
  }
}

/**
 * What a migration draws by chance is what tells one database from another, such as the name of its log: the statements that
 * draw it again.
 */
async function drawsOf(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ place: string; name: string }>(
    `select d.adrelid::regclass::text as place, quote_ident(a.attname) as name
       from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      where pg_get_expr(d.adbin, d.adrelid) ~ 'random'`,
  );
  const statements: string[] = [];
  for (const { place, name } of rows) {
    const { rowCount } = await pool.query(`select from ${place} limit 1`);
    if (rowCount !== 0) statements.push(`update ${place} set ${name} = default`);
  }
  return statements.join(';');
}

async function digestOf({ sets, more }: Contents): Promise<string> {
  const hash = createHash('sha256');
  for (const set of sets) {
    for (const { version, checksum } of await readMigrations(set.directory))
      hash.update(`${set.component} ${version} ${checksum}\n`);
    for (const { component, version, checksum } of await readFunctions(set))
      hash.update(`${component} ${version} ${checksum}\n`);
  }
  for (const { name } of more) hash.update(`${name}\n`);
  return hash.digest('hex').slice(0, 32);
}

async function withPool<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool(url, { role: 'owner', max: 1, applicationName: 'test-database' });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
