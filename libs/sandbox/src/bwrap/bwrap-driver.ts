import { release } from 'node:os';
import { type Account, accountOfCommands, SETPRIV, withoutRights } from '../account.js';
import { execute, feed, type Launch } from '../execute.js';
import { makePlaces } from '../make-places.js';
import { closedAbove, foldersAbove } from '../paths.js';
import type { Sandbox, SandboxCommand, SandboxLimits } from '../sandbox.js';
import {
  bwrapArguments,
  etcFiles,
  folders,
  INFO_FD,
  MEMORY_FOLDERS,
  pathInside,
  placesOf,
  preparedPlaces,
  profileHash,
  SECCOMP_FD,
  scratchFolders,
  system,
  writableOf,
} from './arguments.js';
import { type Cgroups, openCgroup } from './cgroup.js';
import { end, type FirstProcess, firstProcess, foldersWithin } from './first-process.js';
import { seccompFilter } from './seccomp.js';

/** What this machine has for it; absolute paths. */
export interface BwrapParts {
  readonly bwrap: string;
  readonly prlimit: string;
  readonly cgroups: Cgroups | null;
}

/** Names the control groups of this process. */
let runs = 0;

/** Commands in namespaces of their own, made by bubblewrap. */
export function bwrapSandbox({ bwrap, prlimit, cgroups }: BwrapParts): Sandbox {
  const filter = seccompFilter(process.arch);
  const profile = profileHash(filter);
  const account = accountOfCommands();
  return {
    driver: 'bwrap',
    inside: pathInside,
    run: async (command, signal) => {
      const { limits, folder, prepared = [] } = command;
      await makePlaces(
        folder.work,
        prepared.map(({ over }) => over),
        account,
      );
      const inMemory = [...MEMORY_FOLDERS, ...scratchFolders(prepared)];
      runs += 1;
      // Never required: where it cannot be had any more, the looks from outside still hold the sums.
      const cgroup = cgroups === null ? null : await openCgroup(cgroups, `${runs}`, limits).catch(() => null);
      let first: FirstProcess | null = null;
      let info: Promise<void> = Promise.resolve();
      const launch: Launch = {
        driver: 'bwrap',
        profile,
        limits,
        work: folder.work,
        argv: [
          ...asSomebody(bwrap, command, account),
          ...[bwrap, ...bwrapArguments(command, filter !== null), '--'],
          ...[prlimit, ...resourceLimits(limits), '--', ...AS_FIRST, ...command.argv],
        ] as [string, ...string[]],
        cwd: '/',
        env: {},
        user: {},
        pipes: filter === null ? INFO_FD - 2 : SECCOMP_FD - 2,
        before: (cgroup?.doors ?? []).map((door) => `echo 0 > '${door}' || exit 126`).join('\n'),
        memoryFolders: () => (first === null ? [] : foldersWithin(first, inMemory)),
        onStarted: (child) => {
          if (filter !== null) feed(child.stdio[SECCOMP_FD], filter);
          info = firstProcess(child.stdio[INFO_FD]).then((found) => {
            first = found;
          });
        },
        // The sandbox dies with what made it, unless the command saw to it that it does not.
        onStop: () => void (first && end(first)),
        settle: async () => {
          await info;
          if (first !== null) await end(first);
        },
        passed: async () => cgroup?.passed() ?? null,
        tellsSignals: true,
      };
      try {
        return await execute(launch, signal);
      } finally {
        await cgroup?.remove();
      }
    },
  };
}

/**
 * A service that is root has the sandbox made by somebody else. That one may not pass where the toolchain lies, such as the
 * home of root: then a first sandbox, of root, shows it nothing but what the command will see, with every way open.
 */
function asSomebody(bwrap: string, command: SandboxCommand, account: Account | null): readonly string[] {
  if (account === null) return [];
  const stranger = [SETPRIV, ...withoutRights(account)];
  const places = [...placesOf(command), ...preparedPlaces(command), ...etcFiles()].map(({ from }) => from);
  const writable = writableOf(command).map(({ from }) => from);
  const paths = [...places, ...writable];
  if (paths.every((path) => closedAbove(path).length === 0)) return stranger;
  const { root } = command.folder;
  return [
    bwrap,
    '--die-with-parent',
    ...system(),
    ...['--dev-bind', '/dev', '/dev', '--bind', '/proc', '/proc'],
    ...folders([...paths, root, '/etc/alternatives']),
    ...[
      '--ro-bind-try',
      '/etc/ld.so.cache',
      '/etc/ld.so.cache',
      '--ro-bind-try',
      '/etc/alternatives',
      '/etc/alternatives',
    ],
    ...places.filter((path) => !foldersAbove(path).includes(root)).flatMap((path) => ['--ro-bind', path, path]),
    ...writable.flatMap((path) => ['--bind', path, path]),
    ...['--bind', root, root, '--'],
    ...stranger,
  ];
}

/** Takes in whose parents have ended; when it ends itself, the kernel ends all others. */
const AS_FIRST = ['/bin/sh', '-c', '"$@"; exit $?', 'sh'];

/** Since Linux 5.14 a user namespace has a count of its own; before, one limit would be for all that the user runs. */
const countsProcessesAlone = (): boolean => {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 14);
};

/** For `prlimit` of util-linux, which runs inside. */
const resourceLimits = (limits: SandboxLimits): readonly string[] => [
  '--core=0',
  `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
  `--fsize=${limits.fileSizeMb * 1024 * 1024}`,
  `--data=${limits.memoryMb * 1024 * 1024}`,
  ...(countsProcessesAlone() ? [`--nproc=${limits.processes}`] : []),
  `--nofile=${OPEN_FILES}`,
  '--memlock=65536',
];

const OPEN_FILES = 1024;
