import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, LOGINS, type Login, toError } from '@baton/contracts';
import { z } from 'zod';

/** The passwords of the roles under which services and workers log in to the database. */
export type Passwords = Readonly<Record<Login, string>>;

const Known = z.partialRecord(z.enum(LOGINS), z.string().min(16));

export const passwordsFileOf = (home: string): string => join(home, 'logins.json');

/** As the file of a home holds them; empty where there is none yet. */
export async function readPasswords(home: string): Promise<Partial<Passwords>> {
  const text = await readFile(passwordsFileOf(home), 'utf8').catch((thrown: unknown) => {
    if (toError(thrown).message.startsWith('ENOENT')) return '{}';
    throw thrown;
  });
  try {
    return Known.parse(JSON.parse(text));
  } catch (thrown) {
    throw new BatonError(`The passwords in ${passwordsFileOf(home)} cannot be read.`, {
      code: 'logins-unreadable',
      next: 'Remove that file: the next start gives the logins new passwords.',
      cause: thrown,
    });
  }
}
