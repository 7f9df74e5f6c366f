import { chown, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import type { Account } from './account.js';

/**
 * Makes the folders of the worktree that others are shown over. Each on the way is looked at, because an earlier command may
 * have put a link in its place, and what is bound there would go where it leads.
 *
 * @param paths relative, with nothing in them that leads up
 * @param account whose folders they become
 * @throws BatonError `place-taken`
 */
export async function makePlaces(work: string, paths: readonly string[], account: Account | null): Promise<void> {
  for (const path of paths) {
    const parts = path.split('/');
    for (const [index] of parts.entries()) await makePlace(work, parts.slice(0, index + 1).join('/'), account);
  }
}

async function makePlace(work: string, path: string, account: Account | null): Promise<void> {
  const place = join(work, path);
  const info = await lstat(place).catch((thrown: unknown) => {
    const error = toError(thrown);
    if ('code' in error && error.code === 'ENOENT') return null;
    throw taken(path, error);
  });
  if (info?.isDirectory() === true) return;
  if (info !== null) throw taken(path);
  await mkdir(place, { mode: 0o755 });
  if (account !== null) await chown(place, account.uid, account.gid);
}

const taken = (path: string, cause?: Error): BatonError =>
  new BatonError(`Something else stands at ${path}, where prepared files belong.`, {
    code: 'place-taken',
    next: 'Take it out of the workspace, or have the set-up fill another folder.',
    ...(cause === undefined ? {} : { cause }),
  });
