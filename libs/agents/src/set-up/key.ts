import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { HostRule } from '@baton/outbound';
import type { Tree } from '@baton/workspace';
import type { SetUp } from '../checks/check.js';

/** Changes when what is kept is made in another way. */
const FORMAT = 1;

export interface KeyParts {
  readonly setUp: SetUp;
  /** All files that it sees. */
  readonly sees: Tree;
  readonly hosts: readonly HostRule[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the programs are that it uses: see `Program.identity`. */
  readonly toolchain: readonly string[];
  /** How the sandbox shuts it in. */
  readonly profile: string;
}

/**
 * Names the outcome of a set-up by all that goes into it, so that the same name is the same work and nobody can put
 * something else under it.
 */
export function keyOf({ setUp, sees, hosts, environment, toolchain, profile }: KeyParts): string {
  const { command, fills, scratch } = setUp;
  const parts = {
    format: FORMAT,
    command,
    fills,
    scratch,
    profile,
    files: sees.map(({ path, mode, sha256 }) => [path, mode, sha256]),
    hosts: hosts.map(({ host, port }) => `${host}:${port ?? ''}`).toSorted(),
    environment: Object.entries(environment).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    toolchain: [process.version, process.platform, process.arch, system(), ...toolchain],
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** What native code was built for. */
const system = (): string => (existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '');

/** The files that a set-up is shown: those that it names, and where it names none all. */
export const seenBy = ({ lockfiles }: SetUp, tree: Tree): Tree =>
  lockfiles.length === 0 ? tree : tree.filter(({ path }) => lockfiles.includes(path));
