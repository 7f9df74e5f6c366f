import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { BatonError } from '@baton/contracts';

/** The operating system user that Postgres runs as. Null: the user of this process. */
export type Account = { readonly uid: number; readonly gid: number } | null;

function idOf(flag: '-u' | '-g', user: string): number | null {
  const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

function accountNamed(user: string): Account {
  const uid = idOf('-u', user);
  const gid = idOf('-g', user);
  return uid === null || gid === null || uid === 0 ? null : { uid, gid };
}

/** Who owns the data that is already there, so that a directory begun as a user can be continued as root. */
function ownerOf(dataPath: string): Account {
  const stat = statSync(dataPath, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? null : { uid: stat.uid, gid: stat.gid };
}

/**
 * Postgres refuses to run as root, so root runs it as the owner of the existing data, else as `postgres`, else as `nobody`.
 * Throws `embedded-postgres-no-account` where none of them exists.
 */
export function chooseAccount(dataPath: string): Account {
  if (process.getuid?.() !== 0) return null;
  const account = ownerOf(dataPath) ?? accountNamed('postgres') ?? accountNamed('nobody');
  if (account !== null) return account;
  throw new BatonError(
    'Postgres does not run as root, and there is neither a user "postgres" nor "nobody" to run it as.',
    {
      code: 'embedded-postgres-no-account',
      next: 'Create the user "postgres", start Baton as an ordinary user, or set DATABASE_URL.',
    },
  );
}

/** What child_process needs to run a program as the account. */
export const runAs = (account: Account): { uid?: number; gid?: number } => (account === null ? {} : { ...account });

/** Asks the system itself, in the account's name: mode bits alone do not know about access lists and read-only mounts. */
export const canEnter = (directory: string, account: Account): boolean =>
  spawnSync('test', ['-x', directory], { ...runAs(account), cwd: '/' }).status === 0;
