import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { INTAKE_QUEUE, requestJobId } from '@baton/contracts';
import { createPool, eventStoreMigrations, migrate } from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import { type MessagingConfig, openMessaging, prepareQueues } from '@baton/messaging';
import { readModelMigrations } from '@baton/read-model';
import { ROOT } from '../testing/stack.js';
import { until } from '../testing/until.js';
import { type BenchResult, figure, quantile } from './result.js';

const STEPS = 20;

/** A chain of tasks that do nothing. */
const chain = {
  name: 'bench-chain',
  version: '1.0.0',
  title: 'A chain of tasks that do nothing',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'S1',
    States: Object.fromEntries(
      Array.from({ length: STEPS }, (_, index) => [
        `S${index + 1}`,
        {
          Type: 'Task',
          Resource: 'baton:worker:noop',
          Arguments: { n: index + 1 },
          ...(index + 1 === STEPS ? { End: true } : { Next: `S${index + 2}` }),
        },
      ]),
    ),
  },
};

export interface StepsBench {
  readonly postgresUrl: string;
  readonly redisUrl: string | null;
  readonly rounds: number;
  readonly runs: number;
}

/**
 * The orchestration cost of a step: one orchestrator process, one process with a worker that does nothing, real Postgres,
 * real queues. Throughput with many runs at once; turnaround (result handed in → next task of the run received) with one
 * run at a time, so that it is the latency of a turn and not the length of a queue.
 */
export async function benchSteps(options: StepsBench): Promise<readonly BenchResult[]> {
  const throughput: number[] = [];
  const p50: number[] = [];
  const p99: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const many = await measure(options, options.runs);
    throughput.push(many.stepsPerSecond);
    const one = await measure(options, 1, 10);
    p50.push(quantile(one.turnaroundMs, 0.5));
    p99.push(quantile(one.turnaroundMs, 0.99));
  }
  const on = options.redisUrl === null ? 'Postgres queues' : 'Redis queues';
  return [
    figure(`steps, ${options.runs} runs at once, ${on}`, 'steps/s', throughput),
    figure(`result to next task, p50, one run, ${on}`, 'ms', p50),
    figure(`result to next task, p99, one run, ${on}`, 'ms', p99),
  ];
}

async function measure(options: StepsBench, runsAtOnce: number, times = 1) {
  const database = await createTestDatabase(options.postgresUrl);
  const workflows = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  await writeFile(join(workflows, 'bench-chain.json'), JSON.stringify(chain));
  await migrate(database.url, [eventStoreMigrations, readModelMigrations]);
  const config: MessagingConfig =
    options.redisUrl === null
      ? { backend: 'postgres', url: database.url }
      : { backend: 'redis', url: options.redisUrl };
  await prepareQueues(config);
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    ...(options.redisUrl === null ? {} : { REDIS_URL: options.redisUrl }),
    BATON_WORKFLOWS_DIR: workflows,
    BATON_LOG: 'warn',
  };
  const orchestrator = spawn(process.execPath, [join(ROOT, 'apps/orchestrator/dist/main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const worker = spawn(process.execPath, [join(import.meta.dirname, 'noop-worker.js'), config.backend, config.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pool = createPool(database.url, { role: 'owner', applicationName: 'bench' });
  const messaging = await openMessaging(config, { name: 'bench' });
  try {
    const lines = createInterface({ input: worker.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const submitAll = async (count: number): Promise<void> => {
      await messaging.publish(
        INTAKE_QUEUE,
        Array.from({ length: count }, () => {
          const requestId = randomUUID();
          return {
            jobId: requestJobId(requestId),
            name: 'submit',
            data: { requestId, workflow: 'bench-chain', input: {} },
          };
        }),
      );
    };
    const endedRuns = async (): Promise<number> => {
      const { rows } = await pool.query<{ n: number }>(
        `select count(*)::int as n from baton.event where type = 'RunSucceeded'`,
      );
      return rows[0]?.n ?? 0;
    };
    // One run first: connections, caches and compiled code are not what is measured.
    await submitAll(1);
    await until(async () => (await endedRuns()) === 1, 'the warm-up run to end', 60_000);
    const start = performance.now();
    for (let time = 0; time < times; time += 1) {
      await submitAll(runsAtOnce);
      const target = 1 + (time + 1) * runsAtOnce;
      await until(async () => (await endedRuns()) === target, `${target} runs to end`, 300_000);
    }
    const seconds = (performance.now() - start) / 1000;
    worker.kill('SIGTERM');
    const { value } = await lines.next();
    const turnaroundMs: number[] = JSON.parse(String(value));
    return {
      stepsPerSecond: (times * runsAtOnce * STEPS) / seconds,
      turnaroundMs: turnaroundMs.toSorted((a, b) => a - b),
    };
  } finally {
    await messaging.close();
    await Promise.all([orchestrator, worker].map(stop));
    await pool.end();
    await database.drop();
    await rm(workflows, { recursive: true, force: true });
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
