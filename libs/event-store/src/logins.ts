import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { LOGINS, type Login, loginGroup, loginRole, loginUrl, PRODUCER_GROUP } from '@baton/contracts';
import { postgresClient } from '@baton/servers';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { asDatabaseError, asRefusal } from './database-errors.js';
import { scramVerifier } from './scram-verifier.js';

/**
 * Of those who provide logins to one database. Roles belong to the server and locks to a database: who does the same for another
 * database of the server at the same moment is met by doing it once more.
 */
const ADVISORY_LOCK = 7_262_616_002;
const MOST_TIMES = 20;
/** Another made the role, or changed it, after it was looked for: duplicate object, unique violation, tuple concurrently updated. */
const MADE_MEANWHILE: ReadonlySet<unknown> = new Set(['42710', '23505', 'XX000']);
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Sees to it that each login can log in with its password and has the rights of its group; changes nothing where it is so
 * already, whether the database was migrated before or is to be.
 *
 * @param url of a user who may make roles, where one has to be made or given another password
 * @param passwords of ASCII characters; a login without one is left alone
 * @throws BatonError `database-forbidden` when the user may not, `database-unreachable`
 */
export async function provideLogins(url: string, passwords: Partial<Record<Login, string>>): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    for (const group of new Set([...LOGINS.map(loginGroup), PRODUCER_GROUP])) {
      await againWhereMeanwhile(async () => {
        const { rowCount } = await client.query('select from pg_roles where rolname = $1', [group]);
        if (rowCount === 0) await client.query(`create role ${group} nologin`);
      });
    }
    for (const login of LOGINS) {
      const password = passwords[login];
      if (password !== undefined) await againWhereMeanwhile(() => provideLogin(client, url, login, password));
    }
  });
}

async function againWhereMeanwhile(work: () => Promise<void>): Promise<void> {
  for (let times = 1; ; times += 1) {
    try {
      return await work();
    } catch (thrown) {
      const isMeanwhile = thrown instanceof Error && 'code' in thrown && MADE_MEANWHILE.has(thrown.code);
      if (!isMeanwhile || times === MOST_TIMES) throw thrown;
      await setTimeout(Math.random() * 5 * times);
    }
  }
}

async function provideLogin(client: Client, url: string, login: Login, password: string): Promise<void> {
  const role = escapeIdentifier(loginRole(login));
  if (!(await canLogIn(loginUrl(url, login, password)))) {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [loginRole(login)]);
    const verifier = escapeLiteral(scramVerifier(password, randomBytes(16)));
    await client.query(`${rowCount === 0 ? 'create' : 'alter'} role ${role} login password ${verifier}`);
  }
  const group = loginGroup(login);
  const { rows } = await client.query<{ is_member: boolean }>(
    `select pg_has_role($1::name, $2::name, 'usage') as is_member`,
    [loginRole(login), group],
  );
  if (rows[0]?.is_member !== true) await client.query(`grant ${group} to ${role}`);
}

/** Whether the database takes the user and the password of the URL. Rejects where it does not answer at all. */
async function canLogIn(url: string): Promise<boolean> {
  const client = postgresClient(url, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (thrown) {
    // 28…: unknown user, wrong password, or one who may not log in.
    if (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('28')) return false;
    throw asDatabaseError(thrown, null);
  } finally {
    await client.end().catch(() => {});
  }
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = postgresClient(url, {
    application_name: 'baton-logins',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => {
    // The query that was under way rejects as well.
  });
  try {
    await client.connect();
    await work(client);
  } catch (thrown) {
    throw asDatabaseError(asRefusal(thrown), null);
  } finally {
    await client.end().catch(() => {});
  }
}
