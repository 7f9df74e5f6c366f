import { join } from 'node:path';
import { describeError, toError } from '@baton/contracts';
import type { HostRule } from '@baton/outbound';
import { openRunFolder, type PreparedFolder, type ReadOnlyPlace, type Sandbox } from '@baton/sandbox';
import type { BlobStore, Tree } from '@baton/workspace';
import type { SetUp } from '../checks/check.js';
import { throwIfAborted } from '../task/or-failure.js';
import { type HeldOutcome, openCache, type SetUpCache } from './cache.js';
import { setUpEnvironment } from './environment.js';
import { hostsFor, type Missing, problemOf, shownCommand } from './judge-set-up.js';
import { keyOf, seenBy } from './key.js';
import type { Program } from './program.js';
import { findPrograms } from './programs.js';
import { networkRecordOf, type SetUpRecord } from './record.js';
import { runSetUp, SET_UP_LIMITS } from './run-set-up.js';
import type { SetUpSettings } from './settings.js';
import { takeOut } from './take-out.js';

/** What a workspace needs before its checks are run. */
interface SetUpRequest {
  readonly setUp: SetUp;
  /** The version of the workspace. */
  readonly tree: Tree;
  readonly store: BlobStore;
  readonly sandbox: Sandbox;
  readonly toolchain: readonly ReadOnlyPlace[];
  /** Folders with programs, of this machine: Node's own and Python's. */
  readonly programFolders: readonly string[];
}

/** What came of it. Whoever gets `ready` releases it when the last command is over. */
export type Prepared =
  | {
      readonly type: 'ready';
      readonly record: SetUpRecord;
      readonly folders: readonly PreparedFolder[];
      readonly release: () => Promise<void>;
    }
  | ({ readonly type: 'missing'; readonly record: SetUpRecord } & Missing);

export interface SetUps {
  /** Rejects where `signal` is aborted. */
  readonly prepare: (request: SetUpRequest, signal: AbortSignal) => Promise<Prepared>;
  readonly programs: () => Promise<readonly Program[]>;
}

/** Prepares workspaces, each once for all that goes into it; of two at the same the second waits. */
export function openSetUps(settings: SetUpSettings, now: () => Date): SetUps {
  const under = new Map<string, Promise<unknown>>();
  let programs: Promise<readonly Program[]> | undefined;
  const findOnce = (): Promise<readonly Program[]> => {
    programs ??= findPrograms(settings.path);
    return programs;
  };
  const oneByOne = async <T>(key: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> => {
    const before = under.get(key);
    const turn = (async () => {
      await Promise.race([before?.catch(() => {}), abortOf(signal)]); // Whoever waited before has told its own.
      throwIfAborted(signal);
      return act();
    })();
    under.set(key, turn);
    try {
      return await turn;
    } finally {
      if (under.get(key) === turn) under.delete(key);
    }
  };
  return {
    programs: findOnce,
    prepare: async (request, signal) => {
      const found = await findOnce();
      const hosts = hostsFor(request.setUp, settings);
      const key = keyOfRequest(request, hosts, settings, found);
      const nothing: SetUpRecord = { ...NOTHING, command: request.setUp.command, key };
      if (request.sandbox.driver !== 'bwrap') return { type: 'missing', record: nothing, ...noSandbox(request.setUp) };
      return oneByOne(key, signal, async () => {
        try {
          const cache = await openCache(settings.cacheDir, settings.cacheMb * 2 ** 20, now);
          const kept = await cache.take(key);
          if (kept !== null) return ready({ ...kept, record: { ...kept.record, from: 'cache' } });
          return await make({ request, hosts, settings, programs: found, key, cache, now }, signal);
        } catch (thrown) {
          throwIfAborted(signal);
          const sentence = describeError(toError(thrown));
          return { type: 'missing', record: nothing, isOfWork: false, reason: sentence, printed: '' };
        }
      });
    },
  };
}

const abortOf = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

const NOTHING: Omit<SetUpRecord, 'command' | 'key'> = {
  from: 'nothing',
  execution: null,
  hosts: [],
  refused: [],
  unreachable: [],
};

const noSandbox = ({ command }: SetUp): Missing => ({
  isOfWork: false,
  printed: '',
  reason: `\`${command}\` was not run: what packages bring is executed in a sandbox only, and there is none. Install bubblewrap, or put what the checks need into the workspace.`,
});

function keyOfRequest(
  { setUp, tree, sandbox, toolchain }: SetUpRequest,
  hosts: readonly HostRule[],
  { registries }: SetUpSettings,
  programs: readonly Program[],
): string {
  return keyOf({
    setUp,
    sees: seenBy(setUp, tree),
    hosts,
    environment: { ...setUpEnvironment('/work'), ...registries },
    toolchain: [...toolchain.map(({ from }) => from), ...programs.map(({ identity }) => identity)],
    profile: sandbox.driver,
  });
}

interface Making {
  readonly request: SetUpRequest;
  readonly hosts: readonly HostRule[];
  readonly settings: SetUpSettings;
  readonly programs: readonly Program[];
  readonly key: string;
  readonly cache: SetUpCache;
  readonly now: () => Date;
}

async function make(making: Making, signal: AbortSignal): Promise<Prepared> {
  const { request, hosts, settings, programs, key, cache, now } = making;
  const { setUp, tree } = request;
  const folder = await openRunFolder(cache.workDir, now());
  try {
    const limits = { ...SET_UP_LIMITS, diskMb: Math.min(SET_UP_LIMITS.diskMb, settings.cacheMb) };
    const sees = seenBy(setUp, tree);
    const run = { ...request, sees, hosts, programs, settings, limits, now };
    const { execution, network } = await runSetUp(run, folder, signal);
    throwIfAborted(signal);
    const record: SetUpRecord = {
      command: setUp.command,
      key,
      from: 'run',
      execution: execution.record,
      ...networkRecordOf(network),
    };
    const problem = problemOf(setUp, execution, network, settings);
    if (problem !== null) return { type: 'missing', record, ...problem };
    const made = join(folder.root, 'outcome');
    const taken = await takeOut(folder.work, made, setUp);
    if (typeof taken === 'string')
      return {
        type: 'missing',
        record,
        isOfWork: true,
        reason: `\`${shownCommand(setUp.command)}\` did not do its work. ${taken}`,
        printed: taken,
      };
    await cache.keep(key, made, { record, ...taken });
    const kept = await cache.take(key);
    if (kept !== null) return ready({ ...kept, record });
    throw new Error(`what \`${setUp.command}\` made was gone at once from ${settings.cacheDir}`);
  } finally {
    await folder.remove();
  }
}

const ready = ({ record, fills, folder, release }: HeldOutcome): Prepared => ({
  type: 'ready',
  record,
  folders: fills.map(({ over, scratch }, index) => ({ from: join(folder, `${index}`), over, scratch })),
  release,
});
