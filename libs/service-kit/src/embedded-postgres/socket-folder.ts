import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.js';

/** A longer path is none that a socket can have: 107 bytes on Linux, 103 on macOS. */
const MOST_BYTES = 103;
const LONGEST_NAME = '.s.PGSQL.65535';

/**
 * Makes the folder for the socket of a server that is about to start, anew: what a killed one left there would be taken for that of
 * another server, where its process number belongs to another program by now. Only the account of the server may enter it, and root.
 *
 * @returns null where the path of a socket in it would be too long
 */
export function makeSocketFolder({ place, account }: Cluster): string | null {
  const folder = join(place, 'socket');
  if (Buffer.byteLength(join(folder, LONGEST_NAME)) > MOST_BYTES) return null;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  if (account !== null) chownSync(folder, account.uid, account.gid);
  return folder;
}

/** As the setting has it, which is a list: a comma in quotes is part of a name. */
export const asSocketDirectories = (folder: string | null): string =>
  folder === null ? '' : `"${folder.replaceAll('"', '""')}"`;

/** The same server over its socket, for the driver of Node and for libpq; the port is part of the socket's name. */
export function overSocket(url: string, folder: string | null): string {
  if (folder === null) return url;
  const local = new URL(url);
  local.searchParams.set('host', folder);
  return local.href;
}
