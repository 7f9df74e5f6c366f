import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, accountOfCommands, SETPRIV, withoutRights } from '../account.js';
import { closedAbove, isWithin, outermost } from '../paths.js';
import { openRunFolder } from '../run-folder.js';

/*
 * Keeps a child from what the worker's user could read, where the machine can. It is not the sandbox: the network and
 * most files stay open.
 *
 *   as root     another user, with no right that root has
 *   on Linux    a process namespace of its own: no other process is seen in /proc, and all of it ends together;
 *               a mount namespace in which the folders that hold secrets are empty, but for what the tools need
 *
 * `unshare` and `setpriv` of util-linux do it; a container may forbid the first, and other systems have neither.
 */

/** How children are started. Null stands for what the machine does not offer. */
export interface Isolation {
  readonly account: Account | null;
  readonly namespaces: Namespaces | null;
}

interface Namespaces {
  readonly hidden: readonly string[];
  /** What stays visible of the hidden folders, for reading only. */
  readonly kept: readonly string[];
}

export interface IsolationRequest {
  readonly tmpDir: string;
  /** Folders with secrets of ours: those that do not exist are passed over. */
  readonly hidden: readonly string[];
  /** What the tools are made of: Node, the compiler, Python. */
  readonly needed: readonly string[];
}

export const NO_ISOLATION: Isolation = { account: null, namespaces: null };

const UNSHARE = '/usr/bin/unshare';

/** What the system itself is made of: a home that lies above it (`/` for one) cannot be hidden. */
const SYSTEM = ['/usr', '/bin', '/lib', '/etc', '/proc', '/dev', '/tmp'];

/**
 * What this machine offers. Tried with a real child, not read from versions: containers forbid what programs offer.
 *
 * @returns null where the validator is root and a child could only be root, too
 */
export async function findIsolation(request: IsolationRequest): Promise<Isolation | null> {
  if (process.platform !== 'linux') return NO_ISOLATION;
  const account = accountOfCommands();
  const wanted = [...request.hidden, ...(account === null ? [] : request.needed.flatMap(closedAbove))];
  const hidden = outermost(wanted.filter((path) => isFolder(path) && !SYSTEM.some((it) => isWithin(it, path))));
  const kept = outermost(request.needed.filter((path) => hidden.some((folder) => isWithin(path, folder))));
  for (const candidate of [
    { account, namespaces: { hidden, kept } },
    { account, namespaces: null },
  ])
    if (await works(candidate, request)) return candidate;
  return account === null ? NO_ISOLATION : null;
}

/** Reads each thing that the tools need, as the child that will need it. */
async function works(isolation: Isolation, { tmpDir, needed }: IsolationRequest): Promise<boolean> {
  const folder = await openRunFolder(tmpDir, new Date());
  try {
    await folder.handOver();
    const look = 'cd . && for path; do test -r "$path" || exit 1; done';
    const command = await isolated(isolation, folder.root, ['/bin/sh', '-c', look, 'sh', ...needed]);
    const options = { cwd: folder.work, env: { PATH: '/usr/bin:/bin' }, timeout: 10_000, ...command.user };
    await promisify(execFile)(command.file, [...command.args], options);
    return true;
  } catch {
    // Not offered, or not allowed: the next best is tried.
    return false;
  } finally {
    await folder.remove();
  }
}

/** A command that runs another in isolation. */
interface IsolatedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** For `spawn`, where the command does not change the user itself. */
  readonly user: { readonly uid?: number; readonly gid?: number };
}

/** @param root the folder of the run, which stays as it is whatever is hidden; the command begins in `work` below it */
export async function isolated(
  { account, namespaces }: Isolation,
  root: string,
  command: readonly string[],
  writable: readonly string[] = [],
): Promise<IsolatedCommand> {
  const [file = '', ...args] = command;
  if (namespaces === null) return { file, args, user: account ?? {} };
  const user = account === null ? ['--user', '--map-root-user'] : [];
  const script = `${await setUp(namespaces, root, writable)}\nexec ${SETPRIV} ${dropped(account)} /bin/sh -c '"$@"; exit $?' sh "$@"`;
  return {
    file: UNSHARE,
    args: [
      ...user,
      '--mount',
      '--ipc',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      '/bin/sh',
      '-c',
      script,
      'sh',
      file,
      ...args,
    ],
    user: {},
  };
}

/** Whoever runs without namespaces of its own is root within them, with no right that root has. */
const dropped = (account: Account | null): string => withoutRights(account).join(' ');

/**
 * Shell commands that empty the hidden folders but for what is kept: it is held aside, and put back, read-only unless it may
 * be written. Names that
 * lead through a hidden folder lead nowhere meanwhile, so all is said from within the folder of the run.
 */
async function setUp({ hidden, kept }: Namespaces, root: string, writable: readonly string[]): Promise<string> {
  const open = writable.filter((path) => hidden.some((folder) => isWithin(path, folder)));
  const places = await Promise.all(
    [...kept, ...open].map(async (path, index) => {
      const place = `own/kept/${index}`;
      await mkdir(join(root, place), { recursive: true });
      const close = open.includes(path) ? 'true' : `mount -o remount,bind,ro ${quoted(path)}`;
      return { path: quoted(path), place, close };
    }),
  );
  const isRootHidden = hidden.some((folder) => isWithin(root, folder));
  return [
    'set -e',
    `cd ${quoted(root)}`,
    ...places.map(({ path, place }) => `mount --rbind ${path} ${place}`),
    ...hidden.map((folder) => `mount -t tmpfs -o mode=0755,size=64k none ${quoted(folder)}`),
    ...places.map(({ path, place, close }) => `mkdir -p ${path}; mount --rbind ${place} ${path}; ${close}`),
    ...(isRootHidden ? [`mkdir -p ${quoted(root)}; mount --rbind . ${quoted(root)}`] : []),
    `cd ${quoted(join(root, 'work'))}`,
  ].join('\n');
}

const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
