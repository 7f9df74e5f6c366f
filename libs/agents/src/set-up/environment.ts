import { CARGO_HOME, GO_MODULES } from '../checks/usual.js';

/*
 * What package managers are told beside the proxy. What they keep for the next time goes to the disk, below the worktree,
 * and is thrown away: in memory it would count against the command.
 */

const KEPT = '.setup-cache';
/** @param work the worktree, as a command finds it */
export const setUpEnvironment = (work: string): Readonly<Record<string, string>> => ({
  CI: '1',
  NO_COLOR: '1',
  XDG_CACHE_HOME: `${work}/${KEPT}`,
  npm_config_cache: `${work}/${KEPT}/npm`,
  npm_config_store_dir: `${work}/${KEPT}/pnpm`,
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_fetch_retries: '2',
  npm_config_fetch_retry_mintimeout: '500',
  npm_config_fetch_retry_maxtimeout: '5000',
  YARN_CACHE_FOLDER: `${work}/${KEPT}/yarn`,
  YARN_GLOBAL_FOLDER: `${work}/${KEPT}/yarn-global`,
  YARN_ENABLE_TELEMETRY: '0',
  // What is kept are folders of packages, and no archives in a cache.
  YARN_NODE_LINKER: 'node-modules',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  PIP_CACHE_DIR: `${work}/${KEPT}/pip`,
  PIP_NO_INPUT: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_RETRIES: '2',
  CARGO_HOME: `${work}/${CARGO_HOME}`,
  GOMODCACHE: `${work}/${GO_MODULES}`,
  GOFLAGS: '-modcacherw',
  // Another version of itself would come from hosts that are not on the list.
  GOTOOLCHAIN: 'local',
});

/** What checks need to find again what a set-up filled; nothing is fetched any more. */
export const checkEnvironment = (work: string, fills: readonly string[]): Readonly<Record<string, string>> => ({
  ...(fills.includes(CARGO_HOME) ? { CARGO_HOME: `${work}/${CARGO_HOME}`, CARGO_NET_OFFLINE: 'true' } : {}),
  ...(fills.includes(GO_MODULES) ? { GOMODCACHE: `${work}/${GO_MODULES}`, GOPROXY: 'off', GOTOOLCHAIN: 'local' } : {}),
});

/** Where packages put the programs that they bring. */
export const programFolders = (work: string, fills: readonly string[]): readonly string[] =>
  fills.flatMap((fill) => [`${work}/${fill}/.bin`, `${work}/${fill}/bin`]);

/** Folders that tools write into packages, wherever they are run. */
const WRITTEN = ['.cache', '.vite', '.vite-temp', '.vitest', '.tmp'];

/** What later commands may write within a folder that was filled, in memory; relative to it. */
export const scratchIn = (fill: string, named: readonly string[]): readonly string[] => [
  ...(/(?:^|\/)node_modules$/.test(fill) ? WRITTEN : []),
  ...named.filter((path) => path.startsWith(`${fill}/`)).map((path) => path.slice(fill.length + 1)),
];
