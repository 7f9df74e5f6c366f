import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { catalogMigrations, openWorkflowCatalog } from '@baton/catalog';
import {
  appendBatch,
  claimLane,
  createPool,
  eventStoreMigrations,
  type Lane,
  migrate,
  readFactsOfState,
} from '@baton/event-store';
import { ROOT } from '@baton/test-stack';
import {
  decide,
  evolve,
  initialState,
  type RunOrder,
  type RunState,
  readEvent,
  rebuild,
  type WorkflowDocument,
} from '@baton/workflow';
import type { Pool } from 'pg';
import { newEvent } from './new-event.js';
import { type BenchResult, figure, quantile } from './result.js';

/** Of each kind; the first are left out, they warm up the compiler. */
const TURNS = 400;
const WARM_UP = 100;

const META = { nowMs: 1_750_000_000_000, actor: { type: 'system', id: 'bench' } } as const;

/** A run as a hub holds it. */
interface Held {
  readonly runId: string;
  readonly state: RunState;
  readonly version: number;
}

/**
 * What a turn costs whose run is in memory, and one whose run has to be read first, in turns: the result of the first of
 * the seven steps comes in, is decided and written. Its document is known to the process, as that of any run after the first.
 */
export async function benchColdTurn(url: string): Promise<readonly BenchResult[]> {
  await migrate(url, [eventStoreMigrations, catalogMigrations]);
  const pool = createPool(url, { role: 'hub', applicationName: 'baton-bench', max: 2 });
  try {
    const lane = await claimLane(pool, 'bench', 600_000);
    const catalog = await openWorkflowCatalog(pool, join(ROOT, 'workflows'), { warn: () => {} });
    const entry = await catalog.find('seven-step');
    if (lane === null || entry === undefined) throw new Error('no lane, or no seven-step');
    const times: { warm: number[]; cold: number[]; read: number[] } = { warm: [], cold: [], read: [] };
    for (let n = 0; n < TURNS + WARM_UP; n += 1) {
      const [warm, cold] = [await begin(pool, lane, entry), await begin(pool, lane, entry)];
      const warmMs = await timed(() => turn(pool, lane, warm));
      const beganMs = performance.now();
      const read = await load(pool, cold.runId);
      const readMs = performance.now() - beganMs;
      const coldMs = readMs + (await timed(() => turn(pool, lane, read)));
      if (n < WARM_UP) continue;
      times.warm.push(warmMs);
      times.cold.push(coldMs);
      times.read.push(readMs);
    }
    const [warm, cold] = [
      spread('turn of the seven steps, run in memory', times.warm),
      spread('turn of the seven steps, run to be read', times.cold),
    ];
    return [
      warm,
      cold,
      spread('reading the run for it', times.read),
      figure('cold turn / warm turn', '×', [cold.median / warm.median]),
    ];
  } finally {
    await pool.end();
  }
}

async function begin(
  pool: Pool,
  lane: Lane,
  { document, sha256 }: { readonly document: WorkflowDocument; readonly sha256: string },
): Promise<Held> {
  const runId = randomUUID();
  const input = { requirements: 'measure', workspaceType: 'isolated', documentationLocations: [] };
  const submission = { requestId: runId, workflow: document.name, input, runId };
  const order: RunOrder = { type: 'StartRun', submission, document, sha256 };
  return write(pool, lane, { runId, state: initialState, version: 0 }, order);
}

/** As an orchestrator reads a run that it does not hold. */
async function load(pool: Pool, runId: string): Promise<Held> {
  const stored = await readFactsOfState(pool, runId);
  return { runId, state: rebuild(stored.map(readEvent)), version: stored.at(-1)?.version ?? 0 };
}

const turn = (pool: Pool, lane: Lane, run: Held): Promise<Held> =>
  write(pool, lane, run, { type: 'CompleteTask', commandId: `${run.runId}-1`, output: { goal: 'a table' } });

async function write(pool: Pool, lane: Lane, { runId, state, version }: Held, order: RunOrder): Promise<Held> {
  const events = await decide(state, order, META);
  const next = events.reduce(evolve, state);
  const result = await appendBatch(pool, lane, 0, [
    {
      ...{
        runId,
        expectedVersion: version,
        events: events.map((event) => newEvent(event, META)),
        consume: [],
        requests: [],
        commands: [],
      },
      ...{ ended: false, parentCommand: null },
    },
  ]);
  if (!result.ok || events.length === 0) throw new Error('the turn was not written');
  return { runId, state: next, version: version + events.length };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await act();
  return performance.now() - beganMs;
}

function spread(name: string, times: readonly number[]): BenchResult {
  const sorted = times.toSorted((a, b) => a - b);
  return { name, unit: 'ms', median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), runs: sorted.length };
}
