import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@baton/event-store';
import type { Pool } from 'pg';
import { batonClient } from '../baton-client.js';
import type { BenchStack } from '../bench-stack.js';
import { watchedLoop } from '../closed-loop.js';
import { cpuOfFamily, timesOf } from '../profile/process-times.js';
import { type BenchResult, figure, quantile } from '../result.js';

export interface Load {
  /** Of the server of the database. */
  readonly postgresPid: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly inFlight: number;
  readonly stepsPerRun: number;
}

export const WORKFLOW = 'bench-growth';

const WARM_UP_MS = 3_000;
const LOOK_EVERY_MS = 100;

interface Reading {
  readonly steps: number;
  readonly stepsPerSecond: number;
  readonly runMs: number;
  /** Events that the views are behind the log, at each look. */
  readonly behind: readonly number[];
  readonly eventsPerSecond: number;
  readonly cpu: Cpu;
}

/** Milliseconds of processor time; undefined where the system does not tell. */
interface Cpu {
  readonly orchestrators: number | undefined;
  readonly gateway: number | undefined;
  readonly postgres: number | undefined;
}

/** What the system does in some circumstances: work in a closed loop, the views beside it, and the memory after it. */
export async function read(stack: BenchStack, where: string, load: Load): Promise<readonly BenchResult[]> {
  const readings: Reading[] = [];
  for (let round = 0; round < load.rounds; round += 1) readings.push(await readOnce(stack, load));
  const of = <T>(value: (reading: Reading) => T): readonly T[] => readings.map(value);
  const hub = await stack.memoryOf('orchestrator');
  const gateway = await stack.memoryOf('gateway');
  return [
    figure(
      `${where}: steps`,
      'steps/s',
      of(({ stepsPerSecond }) => stepsPerSecond),
    ),
    figure(
      `${where}: a run, median`,
      'ms',
      of(({ runMs }) => runMs),
    ),
    ...cpuAStep(where, readings),
    ...(gateway === null ? [] : behindLog(where, readings)),
    ...(hub === null ? [] : [figure(`${where}: memory of the orchestrator`, 'MiB', [hub.now])]),
    ...(gateway === null ? [] : [figure(`${where}: memory of the gateway`, 'MiB', [gateway.now])]),
  ];
}

/** Beside other work on the machine this tells more than the steps of a second. */
function cpuAStep(where: string, readings: readonly Reading[]): readonly BenchResult[] {
  return (['orchestrators', 'postgres', 'gateway'] as const).flatMap((who) => {
    const values = readings.flatMap(({ cpu, steps }) => {
      const ms = cpu[who];
      return ms === undefined ? [] : [ms / steps];
    });
    return values.length === 0 ? [] : [figure(`${where}: CPU of a step, ${who}`, 'ms', values)];
  });
}

function behindLog(where: string, readings: readonly Reading[]): readonly BenchResult[] {
  const ms = readings.flatMap(({ behind, eventsPerSecond }) =>
    behind.map((events) => (events / eventsPerSecond) * 1_000),
  );
  const sorted = ms.toSorted((a, b) => a - b);
  const p99 = quantile(sorted, 0.99);
  return [{ name: `${where}: views behind the log`, unit: 'ms', median: quantile(sorted, 0.5), p99, runs: ms.length }];
}

async function readOnce(stack: BenchStack, load: Load): Promise<Reading> {
  const client = await batonClient(stack.pool, stack.messaging);
  // Not that of the client, which has one connection and uses it all the time.
  const looking = createPool(String(stack.env.DATABASE_URL), { role: 'owner', applicationName: 'bench-looks', max: 1 });
  const plan = { inFlight: load.inFlight, warmUpMs: WARM_UP_MS, measureMs: load.seconds * 1_000 };
  try {
    const { outcome, seen } = await watchedLoop(
      () => client.run(WORKFLOW),
      plan,
      async () => {
        const cpu = await watchCpu(stack, load.postgresPid);
        const views = await watchViews(looking);
        return async () => ({ ...(await views()), cpu: await cpu() });
      },
    );
    const steps = outcome.runs * load.stepsPerRun;
    return {
      steps,
      cpu: seen.cpu,
      stepsPerSecond: steps / outcome.seconds,
      runMs: quantile(outcome.latenciesMs, 0.5),
      behind: seen.behind,
      eventsPerSecond: seen.events / outcome.seconds,
    };
  } finally {
    await client.stop();
    await looking.end();
  }
}

async function watchViews(pool: Pool) {
  const look = async () => {
    const { rows } = await pool.query<{ head: number; position: number }>(
      'select l.head, c.position from baton.log l, baton.run_view_cursor c',
    );
    return rows[0] ?? { head: 0, position: 0 };
  };
  const state = { isOver: false };
  const behind: number[] = [];
  const first = await look();
  const loop = (async () => {
    let last = first;
    while (!state.isOver) {
      await sleep(LOOK_EVERY_MS);
      last = await look();
      behind.push(last.head - last.position);
    }
    return last;
  })();
  return async () => {
    state.isOver = true;
    const last = await loop;
    return { behind, events: last.head - first.head };
  };
}

async function watchCpu(stack: BenchStack, postgresPid: number): Promise<() => Promise<Cpu>> {
  const used = async (): Promise<Cpu> => ({
    orchestrators: await cpuOf(stack.pidsOf('orchestrator')),
    gateway: await cpuOf(stack.pidsOf('gateway')),
    postgres: sum([...(await cpuOfFamily(postgresPid)).values()]),
  });
  const before = await used();
  const since = (now: number | undefined, then: number | undefined): number | undefined =>
    now === undefined || then === undefined ? undefined : now - then;
  return async () => {
    const after = await used();
    return {
      orchestrators: since(after.orchestrators, before.orchestrators),
      gateway: since(after.gateway, before.gateway),
      postgres: since(after.postgres, before.postgres),
    };
  };
}

async function cpuOf(pids: readonly number[]): Promise<number | undefined> {
  const times = await Promise.all(pids.map(timesOf));
  return sum(times.flatMap((each) => each?.cpuMs ?? []));
}

const sum = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
