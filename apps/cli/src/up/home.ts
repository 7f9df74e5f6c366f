import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { makeFolder } from '../make-folder.js';
import { writePrivateFile } from '../private-file.js';

/** Files and folders of BATON_HOME. */
export const homePaths = (home: string) =>
  ({
    token: join(home, 'token'),
    logs: join(home, 'logs'),
    postgres: join(home, 'postgres'),
    owner: join(home, 'owner.json'),
    /** The command `baton` of this stack; its folder goes onto the PATH. */
    shim: join(home, 'bin/baton'),
  }) as const;

const notUsable = (home: string, thrown: unknown): BatonError =>
  new BatonError(`The data directory ${home} cannot be used (${toError(thrown).message}).`, {
    code: 'home-not-usable',
    next: 'Give this user the directory, or choose another one with BATON_HOME.',
    cause: thrown,
  });

/**
 * Makes the folder. What is secret in it has a mode of its own; root's folder lets others pass through, because Postgres does
 * not run as root and must reach its data inside.
 */
export async function prepareHome(home: string): Promise<void> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    // The mask of the process may have taken bits away.
    if (await makeFolder(home, mode)) await chmod(home, mode);
    await makeFolder(homePaths(home).logs, 0o700);
  } catch (thrown) {
    throw notUsable(home, thrown);
  }
}

/** The token of the local stack: made once, kept in a file that only this user can read. */
export async function localToken(home: string): Promise<string> {
  const { token: file } = homePaths(home);
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known.trim() !== '') return known.trim();
  const token = `baton_${randomBytes(32).toString('base64url')}`;
  try {
    await writePrivateFile(file, `${token}\n`);
  } catch (thrown) {
    throw notUsable(home, thrown);
  }
  return token;
}
