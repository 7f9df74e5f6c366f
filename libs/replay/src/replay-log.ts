import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayProgress, ReplayReport, RunId } from '@baton/contracts';
import { archivedTotals, archiveRule, holdArchiving, logHead, streamVersion } from '@baton/event-store';
import { ENGINE_VERSION } from '@baton/workflow';
import type { Pool } from 'pg';
import { Piscina } from 'piscina';
import { NOTHING, type ReplayOutcome, type ReplayTask, together } from './replay-task.js';
import { REPLAY_THREAD } from './thread-entry.js';

export interface ReplayOptions {
  /** For what is asked here: how much there is. */
  readonly pool: Pool;
  /** Of the same database, for the connections of the threads. */
  readonly url: string;
  readonly signal: AbortSignal;
  readonly monotonicMs: () => number;
  /** As many as there are cores, where it is absent. */
  readonly threads?: number;
  readonly everyMs?: number;
}

const EVERY_MS = 500;
const THREAD_MEMORY_MB = 1_024;
/** Events in a part of the log, about: small enough that no thread has nothing to do for long, large enough for its query. */
const EVENTS_OF_PART = 4_000;
const MOST_PARTS = 1_024;

/**
 * Decides all that was ever recorded again, in threads: each takes a part of the runs after the other. Runs go on meanwhile: what
 * is replayed is the log up to its head at the start, without what is in archives. Says how far it has come, and at last what came of it.
 */
export async function* replayLog(options: ReplayOptions): AsyncGenerator<ReplayProgress | ReplayReport> {
  const letGo = await holdArchiving(options.pool);
  try {
    yield* replayedWhole(options);
  } finally {
    await letGo();
  }
}

async function* replayedWhole(options: ReplayOptions): AsyncGenerator<ReplayProgress | ReplayReport> {
  const { pool } = options;
  for (let attempt = 1; ; attempt += 1) {
    const [{ changes }, head, { events: archived }] = await Promise.all([
      archiveRule(pool),
      logHead(pool),
      archivedTotals(pool),
    ]);
    const there = head - archived;
    const parts = rangesOf(Math.min(MOST_PARTS, Math.max(1, Math.ceil(there / EVENTS_OF_PART))));
    const all = replayed(
      options,
      there,
      parts,
      (outcome) => {
        if (outcome.fault !== null || outcome.events === there) return outcome;
        const problem = `the log has ${outcome.events} events up to position ${head}: some are missing`;
        return { ...outcome, fault: { runId: '', version: 0, position: null, problem, recorded: null, decided: null } };
      },
      head,
    );
    for await (const said of all) {
      // Of runs that came back from an archive meanwhile some were not counted.
      const isAgain =
        'fault' in said && said.fault !== null && attempt < ATTEMPTS && (await archiveRule(pool)).changes !== changes;
      if (isAgain) break;
      yield said;
      if ('fault' in said) return;
    }
  }
}

const ATTEMPTS = 3;

/** The same for one run. @param runId a full id */
export async function* replayRun(options: ReplayOptions, runId: RunId): AsyncGenerator<ReplayProgress | ReplayReport> {
  const version = await streamVersion(options.pool, runId);
  const head = await logHead(options.pool);
  yield* replayed(
    options,
    version,
    [{ from: runId, before: behind(runId) }],
    (outcome) => {
      if (outcome.fault !== null || outcome.events >= version) return outcome;
      const problem = `the run ends at event ${outcome.events}, its stream says ${version}`;
      return {
        ...outcome,
        fault: { runId, version: outcome.events, position: null, problem, recorded: null, decided: null },
      };
    },
    head,
  );
}

async function* replayed(
  { url, signal, monotonicMs, threads = availableParallelism(), everyMs = EVERY_MS }: ReplayOptions,
  of: number,
  ranges: readonly Pick<ReplayTask, 'from' | 'before'>[],
  judge: (outcome: ReplayOutcome) => ReplayOutcome,
  toPosition = of,
): AsyncGenerator<ReplayProgress | ReplayReport> {
  const beganMs = monotonicMs();
  const done = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  const inThreads = new Piscina<ReplayTask, ReplayOutcome>({
    filename: REPLAY_THREAD,
    minThreads: 0,
    maxThreads: Math.min(threads, ranges.length),
    concurrentTasksPerWorker: 1,
    recordTiming: false,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB },
  });
  const over = new AbortController();
  let outcome = NOTHING;
  const all = Promise.all(
    ranges.map(async (range) => {
      const task = { url, ...range, toPosition, done };
      const part = await inThreads.run(task, { signal: AbortSignal.any([signal, over.signal]) });
      outcome = together(outcome, part);
      // One is enough: the others are broken off.
      if (part.fault !== null) over.abort();
    }),
  ).then(
    () => 'done' as const,
    (thrown: unknown) => {
      if (over.signal.aborted && outcome.fault !== null) return 'done' as const;
      throw thrown;
    },
  );
  try {
    for (;;) {
      const waiting = new AbortController();
      const tick = sleep(everyMs, null, { signal: waiting.signal }).catch(() => null);
      const is = await Promise.race([all, tick]);
      waiting.abort();
      if (is === 'done') break;
      yield { events: Number(Atomics.load(done, 0)), of };
    }
  } finally {
    await inThreads.destroy();
  }
  const { fault, ...rest } = judge(outcome);
  const engines = rest.engines.map((each) => ({ ...each }));
  const durationMs = Math.round(monotonicMs() - beganMs);
  yield { ...rest, engines, verified: fault === null, engine: ENGINE_VERSION, fault, durationMs };
}

const DIGITS = 8;

/** All ids there can be, in ranges of the same size. */
export function rangesOf(parts: number): readonly Pick<ReplayTask, 'from' | 'before'>[] {
  const bound = (part: number): string =>
    `${Math.floor((part * 16 ** DIGITS) / parts)
      .toString(16)
      .padStart(DIGITS, '0')}-0000-0000-0000-000000000000`;
  return Array.from({ length: parts }, (_, part) => ({
    from: bound(part),
    before: part + 1 === parts ? null : bound(part + 1),
  }));
}

/** The id behind an id; null behind the last. */
function behind(runId: RunId): string | null {
  const next = (BigInt(`0x${runId.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  if (next.length > 32) return null;
  return [next.slice(0, 8), next.slice(8, 12), next.slice(12, 16), next.slice(16, 20), next.slice(20)].join('-');
}
