import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { appendBatch } from '../append.js';
import type { AppendItem } from '../batch.js';
import { type Lane, releaseLane } from '../lanes.js';
import { createPool } from '../pool.js';
import { aCommand, aLane, anEvent, anItem } from './store.js';

export interface BenchResult {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly p99?: number;
  readonly runs: number;
}

const BATCHES = [
  { size: 1, runs: 400 },
  { size: 20, runs: 100 },
  { size: 100, runs: 40 },
] as const;
const EVENT_BYTES = 500;

/**
 * The cost of a turn in the store: a command settled, two events of 500 bytes and one new command, in batches of 1, 20
 * and 100 turns. Takes some seconds.
 *
 * @param url a migrated database, which is then full of events that mean nothing
 * @param nowMs a monotonic clock, in milliseconds
 * @returns per batch size, milliseconds of an append, and turns per second over all of them
 */
export async function benchAppend(url: string, nowMs = () => performance.now()): Promise<BenchResult[]> {
  const pool = createPool(url, { role: 'hub', applicationName: 'baton-bench', max: 1 });
  try {
    const lane = await aLane(pool, 'bench');
    const results: BenchResult[] = [];
    for (const { size, runs } of BATCHES) results.push(...(await benchBatch(pool, lane, size, runs, nowMs)));
    await releaseLane(pool, lane);
    return results;
  } finally {
    await pool.end();
  }
}

async function benchBatch(pool: Pool, lane: Lane, size: number, runs: number, nowMs: () => number) {
  const runIds = Array.from({ length: size }, () => randomUUID());
  const times: number[] = [];
  // Turn 0 begins the runs and is not measured.
  for (let turn = 0; turn <= runs; turn += 1) {
    const items = runIds.map((runId) => aTurn(runId, turn));
    const start = nowMs();
    const result = await appendBatch(pool, lane, 0, items);
    if (turn > 0) times.push(nowMs() - start);
    if (!result.ok) throw new Error(`the append was refused: ${JSON.stringify(result.conflicts)}`);
  }
  const totalMs = times.reduce((sum, time) => sum + time, 0);
  times.sort((a, b) => a - b);
  const name = `append, ${size} ${size === 1 ? 'turn' : 'turns'} a batch`;
  return [
    { name, unit: 'ms', median: quantile(times, 0.5), p99: quantile(times, 0.99), runs },
    { name, unit: 'turns/s', median: (size * runs * 1_000) / totalMs, runs },
  ];
}

/** A hub that does nothing but append turns of as many runs as go into a batch. */
export interface TurnWriter {
  /** Appends, a batch after the other, until it is that late. @returns the turns that were written */
  until(endMs: number): Promise<number>;
  /** Gives its lane back. */
  stop(): Promise<void>;
}

/** Claims a lane and begins the runs. */
export async function appendTurns(
  pool: Pool,
  turnsInBatch: number,
  nowMs = () => performance.now(),
): Promise<TurnWriter> {
  const lane = await aLane(pool, 'bench');
  const runIds = Array.from({ length: turnsInBatch }, () => randomUUID());
  let turn = 0;
  const append = async (): Promise<void> => {
    const result = await appendBatch(
      pool,
      lane,
      0,
      runIds.map((runId) => aTurn(runId, turn)),
    );
    if (!result.ok) throw new Error(`the append was refused: ${JSON.stringify(result.conflicts)}`);
    turn += 1;
  };
  await append();
  return {
    until: async (endMs) => {
      const before = turn;
      while (nowMs() < endMs) await append();
      return (turn - before) * turnsInBatch;
    },
    stop: () => releaseLane(pool, lane),
  };
}

const aTurn = (runId: string, turn: number): AppendItem =>
  anItem(runId, {
    expectedVersion: 2 * turn,
    events: [1, 2].map(() => anEvent({ data: { text: 'x'.repeat(EVENT_BYTES) } })),
    consume: turn === 0 ? [] : [`${runId}-${turn}`],
    commands: [aCommand(`${runId}-${turn + 1}`, { deadline: '2999-01-01T00:00:00.000Z' })],
  });

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
