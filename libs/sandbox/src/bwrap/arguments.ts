import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { foldersAbove, isWithin } from '../paths.js';
import {
  baseEnvironment,
  type PreparedFolder,
  type ReadOnlyPlace,
  type SandboxCommand,
  type SandboxView,
} from '../sandbox.js';

/** How a command is shut in: the words for bubblewrap 0.8 or later (see bwrap(1)). */

const WORK = '/work';
const OWN = '/own';
const HOME = '/home/sandbox';
const TMP = '/tmp';
const SHARED_MEMORY = '/dev/shm';

/** File systems in memory that a command can fill. */
export const MEMORY_FOLDERS = [TMP, HOME, SHARED_MEMORY];

/** What a path of this machine would hide, or be hidden by, inside. */
const TAKEN = [WORK, OWN, HOME, TMP, '/dev', '/proc', '/sys', '/etc'];

/** Where what lies on such a path is found instead. */
const ELSEWHERE = '/mnt';

/** Files for `/etc`, with nothing of this machine in them. */
const ETC = fileURLToPath(new URL('../../etc', import.meta.url));
const ETC_FILES = ['passwd', 'group', 'hosts', 'nsswitch.conf'];
/** What programs of the system are found by; no secrets. */
const SYSTEM_ETC = ['ld.so.cache', 'alternatives'];

/** The folders of the system's programs: since they were merged, most are links to what is below `/usr`. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];

const NAMESPACES = ['user', 'pid', 'ipc', 'uts', 'net', 'cgroup-try'].map((name) => `--unshare-${name}`);

const AS_NOBODY = ['--uid', '1000', '--gid', '1000', '--hostname', 'sandbox', '--cap-drop', 'ALL', '--clearenv'];

/** `--as-pid-1`: the first process of bubblewrap's own is held by no filter and no limit, and a command could take it over. */
const LIFE = ['--die-with-parent', '--new-session', '--as-pid-1'];

export const INFO_FD = 3;
export const SECCOMP_FD = 4;

const shared = (size: number, mode: string, path: string): readonly string[] => [
  '--perms',
  mode,
  '--size',
  `${size}`,
  '--tmpfs',
  path,
];

/** Bubblewrap makes missing folders for itself alone, and the command is not always it. */
export const folders = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.flatMap(foldersAbove))].flatMap((path) => ['--perms', '0755', '--dir', path]);

export const system = (): readonly string[] =>
  SYSTEM.flatMap((path) => {
    const info = lstatSync(path, { throwIfNoEntry: false });
    if (info === undefined) return [];
    return info.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  });

interface Place {
  readonly from: string;
  readonly at: string;
}

const isTaken = (path: string): boolean => TAKEN.some((taken) => isWithin(path, taken) || isWithin(taken, path));

const isOfSystem = (path: string): boolean => SYSTEM.some((folder) => isWithin(path, folder));

const placeOf = ({ from, at }: ReadOnlyPlace): Place => ({ from, at: at ?? (isTaken(from) ? ELSEWHERE + from : from) });

/** What is bound beside the system, the outer places before those within them. */
export function placesOf({ folder, readOnly }: SandboxView): readonly Place[] {
  const given = readOnly.map(placeOf).filter(({ from, at }) => from !== at || !isOfSystem(from));
  const own = { from: folder.own, at: OWN };
  return [...given, own].sort((a, b) => a.at.length - b.at.length);
}

/** What it may write to beside its worktree. */
export const writableOf = ({ writable = [] }: SandboxView): readonly Place[] => writable.map(placeOf);

/** What is bound over places of the worktree, the outer ones first. */
export const preparedPlaces = ({ prepared = [] }: SandboxView): readonly Place[] =>
  prepared.map(({ from, over }) => ({ from, at: `${WORK}/${over}` })).sort((a, b) => a.at.length - b.at.length);

/** What a command may write within them, in memory. */
export const scratchFolders = (prepared: readonly PreparedFolder[] = []): readonly string[] =>
  prepared.flatMap(({ over, scratch }) => scratch.map((path) => `${WORK}/${over}/${path}`));

/** Files of ours that are bound one by one. */
export const etcFiles = (): readonly Place[] =>
  ETC_FILES.map((name) => ({ from: `${ETC}/${name}`, at: `/etc/${name}` }));

/** @returns where the path is found inside, or the path itself */
export function pathInside(view: SandboxView, path: string): string {
  const places = [
    ...placesOf(view),
    ...preparedPlaces(view),
    ...writableOf(view),
    { from: view.folder.work, at: WORK },
  ];
  const place = places
    .filter(({ from }) => isWithin(path, from))
    .sort((a, b) => b.from.length - a.from.length)
    .at(0);
  return place === undefined ? path : place.at + path.slice(place.from.length);
}

const bound = (places: readonly Place[]): readonly string[] =>
  places.flatMap(({ from, at }) => ['--ro-bind', from, at]);

/** Everything but the program: what is shown, what can be written, how much of it. */
export function bwrapArguments(command: SandboxCommand, withSeccomp: boolean): readonly string[] {
  const { folder, env, limits } = command;
  const diskBytes = limits.diskMb * 1024 * 1024;
  const places = placesOf(command);
  const writable = writableOf(command);
  const variables = Object.entries({ ...baseEnvironment(HOME, TMP), ...env });
  return [
    ...NAMESPACES,
    ...AS_NOBODY,
    ...LIFE,
    ...['--info-fd', `${INFO_FD}`],
    ...(withSeccomp ? ['--seccomp', `${SECCOMP_FD}`] : []),
    ...system(),
    ...['--proc', '/proc'],
    ...shared(64 * 1024, '0755', '/dev'),
    ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...['fd', 'stdin', 'stdout', 'stderr'].flatMap((name, index) => [
      '--symlink',
      index === 0 ? '/proc/self/fd' : `/proc/self/fd/${index - 1}`,
      `/dev/${name}`,
    ]),
    ...shared(diskBytes / 4, '1777', SHARED_MEMORY),
    ...['--remount-ro', '/dev'],
    ...shared(diskBytes, '1777', TMP),
    ...['--perms', '0755', '--dir', '/home'],
    ...shared(diskBytes / 4, '0755', HOME),
    ...['--perms', '0755', '--dir', '/etc'],
    ...bound(etcFiles()),
    ...SYSTEM_ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
    ...folders([...places, ...writable].map(({ at }) => at).filter((at) => !isWithin(at, WORK))),
    ...['--bind', folder.work, WORK],
    ...bound(preparedPlaces(command)),
    ...scratchFolders(command.prepared).flatMap((path) => shared(diskBytes / 4, '1777', path)),
    ...bound(places),
    ...writable.flatMap(({ from, at }) => ['--bind', from, at]),
    ...variables.flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', WORK],
    ...['--remount-ro', '/'],
  ];
}

/** The hash of how everything is shut in, but for what differs from command to command. */
export function profileHash(filter: Uint8Array | null): string {
  const parts = [NAMESPACES, AS_NOBODY, LIFE, SYSTEM, DEVICES, ETC_FILES, SYSTEM_ETC, MEMORY_FOLDERS, WORK, OWN];
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .update(filter ?? '')
    .digest('hex');
}
