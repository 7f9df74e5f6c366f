import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { BatonError } from '@baton/contracts';
import { SETPRIV } from '../account.js';
import { endGroup, execute, type Launch, SHELL } from '../execute.js';
import { baseEnvironment, type Sandbox, type SandboxLimits } from '../sandbox.js';
import { type Isolation, isolated } from './isolation.js';
import { killRun, markOf } from './kill-run.js';

/** Where the service is killed its command is ended by the kernel: with namespaces all of it, else its first process. */
const WITH_THE_SERVICE: readonly [string, ...string[]] =
  process.platform === 'linux' && existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : ['/usr/bin/env'];

/**
 * No sandbox: commands run on this machine, with the network and what the user of the service can read, and with what
 * `isolation` can hold back. For code that is trusted, and for operators who say so.
 *
 * @param newMark a new, unguessable word for each run
 */
export function bareSandbox(isolation: Isolation, newMark: () => string): Sandbox {
  const profile = createHash('sha256')
    .update(JSON.stringify([isolation.account !== null, isolation.namespaces !== null]))
    .digest('hex');
  return {
    driver: 'none',
    inside: (_, path) => path,
    run: async ({ folder, argv, env, limits, prepared = [], writable = [] }, signal) => {
      if (prepared.length > 0)
        throw new BatonError('Prepared folders cannot be shown without a sandbox.', {
          code: 'sandbox-failed',
          next: 'Install bubblewrap, or put the files into the workspace.',
        });
      const limited = [SHELL, '-c', limitScript(limits), ...argv];
      const { file, args, user } = await isolated(
        isolation,
        folder.root,
        limited,
        writable.map(({ from }) => from),
      );
      const mark = markOf(newMark());
      const launch: Launch = {
        driver: 'none',
        profile,
        limits,
        work: folder.work,
        argv: [...WITH_THE_SERVICE, file, ...args],
        cwd: folder.work,
        env: { ...baseEnvironment(folder.tmp, folder.tmp), ...env, ...mark },
        user,
        pipes: 0,
        before: '',
        memoryFolders: () => [],
        onStarted: () => {},
        onStop: () => {},
        settle: async ({ pid }) => {
          endGroup(pid);
          await killRun(mark);
        },
        passed: async () => null,
        tellsSignals: isolation.namespaces !== null,
      };
      return execute(launch, signal);
    },
  };
}

/**
 * `ulimit` of the shell works on every system that has one, where `prlimit` is Linux only. A limit the system refuses
 * (macOS knows no data limit; the hard limit may be lower already) is tried in a subshell first and then left as it is.
 */
function limitScript({ cpuSeconds, fileSizeMb, memoryMb }: SandboxLimits): string {
  const wanted = ['-c 0', `-t ${cpuSeconds}`, `-f ${fileSizeMb * 2048}`, `-d ${memoryMb * 1024}`];
  const set = wanted.map((limit) => `(ulimit ${limit}) 2>/dev/null && ulimit ${limit}`);
  return `${set.join('; ')}; exec "$0" "$@"`;
}
