import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pinnedNode, SetupError } from './platform.mjs';
import { runQuietly } from './run.mjs';

/** In node_modules, so that it goes when they go. @param {string} root */
const stampFile = (root) => join(root, 'node_modules/.cache/baton/installed');

/** @param {string} root @param {string} platform */
function wantedStamp(root, platform) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${platform}\n`;
}

/** @param {string} file @returns {string | null} */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @param {string} root @param {string} platform */
export const hasDependencies = (root, platform) => read(stampFile(root)) === wantedStamp(root, platform);

/**
 * Whether node_modules already holds what the lockfile asks for, so that the install somebody made by hand is not thrown away.
 * npm writes its own account of node_modules at the end of an install.
 * @param {string} root
 */
function agreesWithLockfile(root) {
  const account = read(join(root, 'node_modules/.package-lock.json'));
  if (account === null) return false;
  const installed = JSON.parse(account).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.link === entry.link && found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** npm as it was called, else the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

/**
 * Installs what the lockfile says, without any package's install script: none is needed, and none is trusted.
 * @param {string} root
 * @param {string} platform
 * @param {(line: string) => void} say
 */
export async function installDependencies(root, platform, say) {
  if (!agreesWithLockfile(root)) {
    say('Installing dependencies …');
    const include = ['--include=dev', '--include=optional', '--include=peer'];
    const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
    const command = [...npmCommand(), 'ci', '--ignore-scripts', ...include, ...quiet];
    await runQuietly(
      command,
      root,
      'The dependencies could not be installed. Check the connection to the npm registry, then run the command again.',
    );
  }
  const node = pinnedNode(root, platform);
  if (node === null || spawnSync(node, ['--version']).status !== 0) {
    throw new SetupError(
      `The Node 24 that Baton brings along does not run on this ${platform}. Use a system with the GNU C library 2.28 or newer, or the Docker images.`,
    );
  }
  mkdirSync(dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), wantedStamp(root, platform));
}
