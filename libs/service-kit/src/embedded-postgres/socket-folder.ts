import { closeSync, constants, fchownSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toError } from '@baton/contracts';
import type { Account } from './account.js';
import type { Cluster } from './cluster.js';

/** A longer path is none that a socket can have: 107 bytes on Linux, 103 on macOS. */
const MOST_BYTES = 103;
const LONGEST_NAME = '.s.PGSQL.65535';

/**
 * Makes the folder for the socket of a server that is about to start, anew: what a killed one left there would be taken for that of
 * another server, where its process number belongs to another program by now. Only the account of the server may enter it, and root.
 *
 * @returns null where the path of a socket in it would be too long, or it cannot be made: the port is there as ever
 */
export function makeSocketFolder(
  { place, account }: Pick<Cluster, 'place' | 'account'>,
  log: (line: string) => void,
): string | null {
  const folder = join(place, 'socket');
  if (Buffer.byteLength(join(folder, LONGEST_NAME)) > MOST_BYTES) return null;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    giveFolder(folder, account);
    return folder;
  } catch (thrown) {
    log(`there is no folder for a socket, so services use the port: ${toError(thrown).message}`);
    return null;
  }
}

/** Of the folder itself: where it is root who gives it, whoever owns the directory may have put a link in its place meanwhile. */
export function giveFolder(folder: string, account: Account): void {
  if (account === null) return;
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    fchownSync(fd, account.uid, account.gid);
  } finally {
    closeSync(fd);
  }
}

/** As the setting has it, which is a list: a comma in quotes is part of a name. */
export const asSocketDirectories = (folder: string | null): string =>
  folder === null ? '' : `"${folder.replaceAll('"', '""')}"`;

/** The same server over its socket, for the driver of Node and for libpq; the port is part of the socket's name. */
export function overSocket(url: string, folder: string | null): string {
  if (folder === null) return url;
  const local = new URL(url);
  // Not by `searchParams`: they write a space as `+`, which libpq takes for a plus.
  local.search = `${local.search === '' ? '?' : `${local.search}&`}host=${encodeURIComponent(folder)}`;
  return local.href;
}
