import { BatonError, LOGINS, loginGroup, loginRole } from '@baton/contracts';
import type { Context } from '../context.js';
import { ROOT } from '../environment.js';
import { ExitCode, UsageError } from '../exit-codes.js';
import { type Columns, writeLine, writeList } from '../output.js';
import { passwordsFileOf } from '../passwords.js';
import { prepareHome } from './home.js';
import { localPasswords, passwordVariables } from './logins.js';
import { migrate } from './migrate.js';

/**
 * Makes the logins on a Postgres whose owner of the database may make no roles: to be called once, with the DATABASE_URL of
 * somebody who may, and with the home that `up` will use, where the passwords are kept.
 */
export async function databaseLogins(context: Context): Promise<ExitCode> {
  const { env, io, interrupted } = context;
  if (env.DATABASE_URL === undefined) {
    throw new UsageError(
      'DATABASE_URL is not set; the embedded database gets its logins when it starts.',
      'Set DATABASE_URL to the database of Baton, as a user who may make roles.',
    );
  }
  await prepareHome(env.home);
  const passwords = await localPasswords(env.home);
  const variables = { ...env.all, ...passwordVariables(passwords), DATABASE_URL: env.DATABASE_URL };
  const refusal = await migrate({ root: ROOT, what: 'logins', env: variables, signal: interrupted, onOutput() {} });
  if (refusal !== null) throw new BatonError(refusal, { code: 'database-forbidden' });
  const logins = LOGINS.map((login) => ({ login, role: loginRole(login), group: loginGroup(login) }));
  const columns: Columns<(typeof logins)[number]> = {
    headings: ['login', 'role', 'rights of'],
    row: ({ login, role, group }) => [login, role, group],
  };
  writeList(io, context.format, logins, columns, 'none');
  writeLine(
    io.err,
    `Their passwords are in ${passwordsFileOf(env.home)}. Start with \`baton up\` as the owner of the database.`,
  );
  return ExitCode.ok;
}
