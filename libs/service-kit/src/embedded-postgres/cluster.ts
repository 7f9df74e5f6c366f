import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatonError, toError } from '@baton/contracts';
import { type Account, canEnter, chooseAccount, runAs } from './account.js';
import type { PostgresBinaries } from './binaries.js';

/** A database cluster on disk. */
export interface Cluster {
  /** Everything that belongs to `account` lives below this folder. */
  readonly place: string;
  /** Postgres' data directory, without symbolic links: processes are recognised by it. */
  readonly data: string;
  readonly password: string;
  readonly account: Account;
}

/** Where a server run by root keeps what its unprivileged account must reach. */
export const SYSTEM_ROOT = '/var/lib/baton';

/**
 * Memory that a statement is done with stays with its process, up to four megabytes: the GNU C library would give it back to the
 * system each time and ask for it again, with a page fault for each page. For short statements that is a seventh of what they cost.
 */
const KEEP_MEMORY = {
  MALLOC_TOP_PAD_: String(512 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
  MALLOC_MMAP_THRESHOLD_: String(8 * 1024 * 1024),
} as const;

/** Postgres gets no variable of ours but these: nothing in the environment may change what it does. */
export const POSTGRES_ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...KEEP_MEMORY,
} as const;

/**
 * Root's own folders are often closed to everybody else, and Postgres must reach its data by its full path. In a closed folder
 * the file `location` then names a folder below SYSTEM_ROOT that takes its place. Whoever deletes the directory to begin
 * afresh deletes that name with it.
 */
function placeFor(directory: string, log: (line: string) => void): { place: string; account: Account } {
  const pointer = join(directory, 'location');
  const known = placeOf(directory);
  const account = chooseAccount(join(known, 'data'));
  if (account === null || known !== directory || canEnter(directory, account)) return { place: known, account };
  const place = join(SYSTEM_ROOT, `data-${randomBytes(6).toString('hex')}`);
  mkdirSync(place, { recursive: true });
  for (const folder of [SYSTEM_ROOT, place]) chmodSync(folder, 0o755);
  writeFileSync(pointer, `${place}\n`);
  // For whoever finds the folder later and asks what it is.
  writeFileSync(join(place, 'belongs-to'), `${directory}\n`);
  log(`${directory} is closed to user ${account.uid}, which runs Postgres: the data goes to ${place}`);
  return { place, account };
}

const placeOf = (directory: string): string => {
  const pointer = join(directory, 'location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : directory;
};

/** The password of the owner of the embedded database, for whoever may read its file; null where there is none, or not for them. */
export function embeddedOwnersPassword(directory: string): string | null {
  try {
    return readFileSync(join(placeOf(directory), 'password'), 'utf8').trim();
  } catch {
    return null;
  }
}

/** Deletes everything below `directory`, and what root keeps elsewhere for it. The server must have been stopped. */
export function removeEmbeddedPostgres(directory: string): void {
  const pointer = join(directory, 'location');
  if (existsSync(pointer)) rmSync(readFileSync(pointer, 'utf8').trim(), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true });
}

function ownedFile(file: string, content: string, account: Account): void {
  writeFileSync(file, content, { mode: 0o600 });
  if (account !== null) chownSync(file, account.uid, account.gid);
}

/** Initialises under another name and renames at the end, so that a data directory is complete or not there. */
async function initialise(place: string, account: Account, binaries: PostgresBinaries): Promise<void> {
  for (const file of readdirSync(place)) {
    if (file.startsWith('data.new-')) rmSync(join(place, file), { recursive: true, force: true });
  }
  const passwordFile = join(place, 'password');
  ownedFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, account);
  const unfinished = join(place, `data.new-${process.pid}`);
  mkdirSync(unfinished, { mode: 0o700 });
  if (account !== null) chownSync(unfinished, account.uid, account.gid);
  const choices = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--data-checksums',
  ];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'];
  try {
    const options = { ...runAs(account), cwd: unfinished, env: POSTGRES_ENVIRONMENT };
    await promisify(execFile)(binaries.initdb, ['-D', unfinished, ...choices, ...locale], options);
  } catch (thrown) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new BatonError(`The embedded database could not be created in ${place}: ${toError(thrown).message.trim()}`, {
      code: 'embedded-postgres-init-failed',
      next: 'Check the free space and the permissions of the directory, or set DATABASE_URL.',
      cause: thrown,
    });
  }
  renameSync(unfinished, join(place, 'data'));
}

function readOwned(file: string, missing: () => BatonError): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (thrown) {
    if (toError(thrown).message.startsWith('ENOENT')) throw missing();
    throw new BatonError(`This user may not read ${file}.`, {
      code: 'embedded-postgres-not-yours',
      next: 'Run as the user who created the embedded database, choose another BATON_HOME, or set DATABASE_URL.',
      cause: thrown,
    });
  }
}

/** Opens the cluster below `directory`, and creates it on first use. Throws BatonError. */
export async function openCluster(
  directory: string,
  log: (line: string) => void,
  findBinaries: (account: Account, copyRoot: string) => PostgresBinaries,
): Promise<{ readonly cluster: Cluster; readonly binaries: PostgresBinaries }> {
  const { place, account } = placeFor(directory, log);
  const binaries = findBinaries(account, account === null ? place : SYSTEM_ROOT);
  const data = join(place, 'data');
  if (!existsSync(data)) {
    log(`creating a database in ${place}`);
    await initialise(place, account, binaries);
  }
  const incomplete = (file: string) => () =>
    new BatonError(`The embedded database in ${place} has lost its file ${file}.`, {
      code: 'embedded-postgres-incomplete',
      next: `Restore the file, or move ${place} away to begin with an empty database.`,
    });
  const password = readOwned(join(place, 'password'), incomplete('password'));
  const major = readOwned(join(data, 'PG_VERSION'), incomplete('data/PG_VERSION'));
  if (major !== binaries.major) {
    throw new BatonError(`The data in ${place} was written by Postgres ${major}; this is Postgres ${binaries.major}.`, {
      code: 'embedded-postgres-version',
      next: `Move ${place} away to begin with an empty database, or serve it with Postgres ${major} and set DATABASE_URL.`,
    });
  }
  chmodSync(data, 0o700);
  return { cluster: { place, data: realpathSync(data), password, account }, binaries };
}
