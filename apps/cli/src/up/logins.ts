import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LOGINS, type Login, loginUrl } from '@baton/contracts';
import { formatEnvFile } from '../env-file.js';
import { type Passwords, passwordsFileOf, readPasswords } from '../passwords.js';
import { writePrivateFile } from '../private-file.js';

/**
 * What the file of a home holds, with a new password for each login that it lacks: made once, kept where only this user can
 * read it. Throws BatonError `logins-unreadable` where the file is none of ours.
 */
export async function localPasswords(home: string): Promise<Passwords> {
  const known = await readPasswords(home);
  const fresh = (login: Login): string => known[login] ?? randomBytes(24).toString('base64url');
  const passwords: Passwords = {
    orchestrator: fresh('orchestrator'),
    gateway: fresh('gateway'),
    planner: fresh('planner'),
    validator: fresh('validator'),
    programmer: fresh('programmer'),
    tester: fresh('tester'),
    prompt: fresh('prompt'),
    advisor: fresh('advisor'),
    deployer: fresh('deployer'),
    worker: fresh('worker'),
  };
  if (LOGINS.some((login) => known[login] === undefined))
    await writePrivateFile(passwordsFileOf(home), `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

/** As the preparation of the database takes them. */
export const passwordVariables = (passwords: Passwords): Readonly<Record<string, string>> =>
  Object.fromEntries(LOGINS.map((login) => [`BATON_LOGIN_${login.toUpperCase()}`, passwords[login]]));

/** The file that gives a shell what one service needs, so that another of its kind can be started by hand. */
const serviceEnvFileOf = (home: string, login: Login): string => join(home, 'services', `${login}.env`);

/** Writes those files, of the services alone: what users join with stands in the env file of the home. */
export async function writeServiceEnvFiles(
  home: string,
  {
    databaseUrlOf,
    directUrlOf,
  }: {
    readonly databaseUrlOf: (login: Login) => string;
    readonly directUrlOf: ((login: Login) => string) | null;
  },
  redisUrl: string | undefined,
): Promise<void> {
  await mkdir(join(home, 'services'), { recursive: true, mode: 0o700 });
  for (const login of LOGINS.filter((each) => each !== 'worker')) {
    const values = {
      DATABASE_URL: databaseUrlOf(login),
      ...(directUrlOf === null ? {} : { BATON_DATABASE_DIRECT_URL: directUrlOf(login) }),
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    };
    await writePrivateFile(serviceEnvFileOf(home, login), formatEnvFile(values, false));
  }
}

/** The URL of each login, or that of the owner for all where the database has no logins. */
export const urlsOf =
  (databaseUrl: string, passwords: Passwords | null) =>
  (login: Login): string =>
    passwords === null ? databaseUrl : loginUrl(databaseUrl, login, passwords[login]);
