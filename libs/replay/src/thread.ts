import { createPool } from '@baton/event-store';
import { evaluatorOn, openStoppable, THREAD_ENTRY } from '@baton/threads';
import type { Pool } from 'pg';
import { replayRuns } from './replay-runs.js';
import type { ReplayOutcome, ReplayTask } from './replay-task.js';

/*
 * A thread replays one task after the other, on one connection. Expressions that are no small thing go on to a thread of its
 * own, where they can be ended: longer than the hub gave them, since what it ended itself is taken from the log.
 */

const EXPRESSION_MS = 30_000;
const EXPRESSION_MEMORY_MB = 256;

const monotonicMs = (): number => performance.now();
const stoppable = openStoppable({ entry: THREAD_ENTRY, threads: 1, memoryMb: EXPRESSION_MEMORY_MB, monotonicMs });
const evaluator = evaluatorOn(stoppable, { timeMs: EXPRESSION_MS, setting: 'the time a replay gives', monotonicMs });

let open: { readonly url: string; readonly pool: Pool } | null = null;

function poolFor(url: string): Pool {
  if (open?.url !== url) {
    open = { url, pool: createPool(url, { role: 'gateway', applicationName: 'baton-replay', max: 2 }) };
  }
  return open.pool;
}

/** @public called by whoever starts the thread */
export default (task: ReplayTask): Promise<ReplayOutcome> => replayRuns(task, { pool: poolFor(task.url), evaluator });
