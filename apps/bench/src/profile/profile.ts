import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '@baton/event-store';
import { startEmbeddedPostgres } from '@baton/service-kit';
import { RedisServer } from '@baton/test-stack';
import type { Pool } from 'pg';
import { batonClient, ENDED_AMONG } from '../baton-client.js';
import { BenchStack } from '../bench-stack.js';
import { chainOf } from '../chain.js';
import { type LoopPlan, watchedLoop } from '../closed-loop.js';
import { quantile } from '../result.js';
import { type CpuSummary, summarise } from './cpu-profile.js';
import { startCpuProfiler } from './inspector.js';
import { type PostgresFigures, STATEMENT_SETTINGS, type Statement, watchPostgres } from './postgres-figures.js';
import { type ProcessTimes, timesOf } from './process-times.js';
import { type RedisFigures, watchRedis } from './redis-figures.js';

export interface ProfileOptions {
  /** Null for queues on Postgres. */
  readonly redisProgram: string | null;
  readonly seconds: number;
  readonly inFlight: number;
  readonly stepsPerRun: number;
  readonly say: (text: string) => void;
}

/** What a Node process used while it was measured. */
export interface NodeFigures {
  readonly name: 'orchestrator' | 'worker';
  /** Null where there is no /proc. */
  readonly times: Pick<ProcessTimes, 'cpuMs' | 'reads' | 'writes' | 'sleeps'> | null;
  /** From a time of its own, since a profiler costs something itself. */
  readonly profile: CpuSummary;
}

/** All that was counted while so many steps were done; sums, not yet shared out among them. */
export interface Profile {
  readonly backend: 'redis' | 'postgres';
  readonly inFlight: number;
  readonly stepsPerRun: number;
  readonly steps: number;
  readonly seconds: number;
  /** Of a run, from its submission until its end is known. */
  readonly latencyMs: { readonly median: number; readonly p99: number };
  readonly nodes: readonly NodeFigures[];
  readonly postgres: PostgresFigures;
  readonly redis: (RedisFigures & { readonly cpuMs: number | null }) | null;
}

const WARM_UP_MS = 3_000;

/**
 * Where a step's time goes: runs of tasks that do nothing in a closed loop, twice. First everything is counted that costs
 * nothing to count, then orchestrator and worker are sampled.
 */
export async function profileSteps(options: ProfileOptions): Promise<Profile> {
  const postgres = await startEmbeddedPostgres({
    dataDir: join(tmpdir(), `postgres-${randomUUID()}`),
    log: () => {},
    settings: STATEMENT_SETTINGS,
  });
  const redis = options.redisProgram === null ? null : await RedisServer.start(options.redisProgram);
  try {
    const servers = { postgresUrl: postgres.url, redisUrl: redis?.url ?? null };
    const stack = await BenchStack.start(servers, [chainOf('bench-profile', options.stepsPerRun, 'quick')], {
      inspectable: true,
      onlyQuick: true,
    });
    try {
      await stack.startQuickWorker();
      return await profileStack(stack, { postgresPid: postgres.pid, redis }, options);
    } finally {
      await stack.stop();
    }
  } finally {
    await redis?.stop();
    await postgres.stop();
  }
}

interface WatchedServers {
  readonly postgresPid: number;
  readonly redis: RedisServer | null;
}

async function profileStack(stack: BenchStack, servers: WatchedServers, options: ProfileOptions): Promise<Profile> {
  const { inFlight, stepsPerRun, say } = options;
  const plan: LoopPlan = { inFlight, warmUpMs: WARM_UP_MS, measureMs: options.seconds * 1000 };
  const client = await batonClient(stack.pool, stack.messaging);
  const statistics = createPool(String(stack.env.DATABASE_URL), {
    role: 'owner',
    applicationName: 'bench-statistics',
    max: 1,
  });
  const run = (): Promise<void> => client.run('bench-profile');
  try {
    say('counting …');
    const { outcome, seen: counted } = await watchedLoop(run, plan, () => count(stack, statistics, servers));
    say('sampling …');
    const { seen: sampled } = await watchedLoop(run, plan, () => sample(stack));
    return {
      backend: servers.redis === null ? 'postgres' : 'redis',
      inFlight,
      stepsPerRun,
      steps: outcome.runs * stepsPerRun,
      seconds: outcome.seconds,
      latencyMs: { median: quantile(outcome.latenciesMs, 0.5), p99: quantile(outcome.latenciesMs, 0.99) },
      nodes: [
        { name: 'orchestrator', times: counted.orchestrator, profile: sampled.orchestrator },
        { name: 'worker', times: counted.worker, profile: sampled.worker },
      ],
      postgres: counted.postgres,
      redis: counted.redis,
    };
  } finally {
    await client.stop();
    await statistics.end();
  }
}

async function count(stack: BenchStack, statistics: Pool, { postgresPid, redis }: WatchedServers) {
  const pids = [stack.orchestratorPid, stack.quickWorkerPid, redis?.pid];
  const processes = () => Promise.all(pids.map((pid) => timesOf(pid ?? 0)));
  const watched = {
    postgres: await watchPostgres(statistics, postgresPid),
    redis: redis === null ? null : await watchRedis(redis),
  };
  const before = await processes();
  return async () => {
    const after = await processes();
    const [orchestrator, worker, redisTimes] = after.map((times, index) => usedBetween(before[index] ?? null, times));
    const told = (await watched.redis?.stop()) ?? null;
    return {
      orchestrator: orchestrator ?? null,
      worker: worker ?? null,
      redis: told === null ? null : { ...told, cpuMs: redisTimes?.cpuMs ?? null },
      postgres: withoutOwnLooks(await watched.postgres.stop()),
    };
  };
}

function usedBetween(before: ProcessTimes | null, after: ProcessTimes | null): NodeFigures['times'] {
  if (before === null || after === null) return null;
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    reads: after.reads - before.reads,
    writes: after.writes - before.writes,
    sleeps: after.sleeps - before.sleeps,
  };
}

/** Whoever waits for the ends of runs, or counts, is no part of a step; each of these statements is a transaction, too. */
function withoutOwnLooks(figures: PostgresFigures): PostgresFigures {
  const isOwn = ({ text }: Statement): boolean => text === ENDED_AMONG || text.includes('pg_stat_');
  const ownCalls = figures.statements.filter(isOwn).reduce((sum, { calls }) => sum + calls, 0);
  return {
    ...figures,
    statements: figures.statements.filter((statement) => !isOwn(statement)),
    counters: { ...figures.counters, transactions: figures.counters.transactions - ownCalls },
  };
}

async function sample({ inspectorPorts }: BenchStack) {
  if (inspectorPorts === null) throw new Error('a stack that is sampled must be inspectable');
  const ofOrchestrator = await startCpuProfiler(inspectorPorts.orchestrator);
  const ofWorker = await startCpuProfiler(inspectorPorts.worker);
  return async () => {
    const [orchestrator, worker] = await Promise.all([ofOrchestrator.stop(), ofWorker.stop()]);
    return { orchestrator: summarise(orchestrator), worker: summarise(worker) };
  };
}
