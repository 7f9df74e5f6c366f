import { loopOf, mapOf } from '@baton/test-stack';
import { BenchStack, queuesOf, type Servers } from './bench-stack.js';
import { type BenchResult, figure, quantile } from './result.js';

export interface MapBench extends Servers {
  readonly rounds: number;
  readonly items: number;
  /** 0 for all at once. */
  readonly maxConcurrency: number;
}

/**
 * A Map over a long list, with small runs beside it, one after the other on a worker of their own: what they wait for is
 * the hub. The gateway runs along, so that its read model follows the log as it does for users.
 */
export async function benchMap(options: MapBench): Promise<readonly BenchResult[]> {
  const rounds: Awaited<ReturnType<typeof measure>>[] = [];
  for (let round = 0; round < options.rounds; round += 1) rounds.push(await measure(options));
  const { items, maxConcurrency } = options;
  const atOnce = maxConcurrency === 0 ? 'all at once' : `${maxConcurrency} at once`;
  const of = `Map of ${items} items, ${atOnce}, ${queuesOf(options)}`;
  const values = (pick: (round: (typeof rounds)[number]) => number): readonly number[] => rounds.map(pick);
  return [
    figure(
      of,
      's',
      values(({ seconds }) => seconds),
    ),
    figure(
      `${of}: step of a run beside it, median`,
      'ms',
      values(({ besideMs }) => quantile(besideMs, 0.5)),
    ),
    figure(
      `${of}: step of a run beside it, longest`,
      'ms',
      values(({ besideMs }) => besideMs.at(-1) ?? Number.NaN),
    ),
    figure(
      `${of}: memory of the orchestrator at most`,
      'MiB',
      values(({ orchestrator }) => orchestrator),
    ),
    figure(
      `${of}: memory of the gateway at most`,
      'MiB',
      values(({ gateway }) => gateway),
    ),
    figure(
      `${of}: events`,
      'events',
      values(({ events }) => events),
    ),
    figure(
      `${of}: their data`,
      'MiB',
      values(({ mebibytes }) => mebibytes),
    ),
    figure(
      `${of}: of these, RunContinued`,
      'events',
      values(({ continued }) => continued),
    ),
  ];
}

async function measure(options: MapBench) {
  const items = Array.from({ length: options.items }, (_, index) => index);
  const stack = await BenchStack.start(options, [
    mapOf('bench-map', options.maxConcurrency),
    loopOf('bench-beside', 'noop-beside'),
  ]);
  try {
    await stack.startGateway();
    // A small one of each first: connections, caches and compiled code are not what is measured.
    await stack.submit('bench-map', 1, { items: items.slice(0, 100) });
    await stack.submit('bench-beside', 1, { times: 20 });
    await stack.succeeded(2, 60_000);
    stack.otherWorker.forget();
    await stack.submit('bench-beside', 1, { times: 1_000_000 });
    const start = performance.now();
    await stack.submit('bench-map', 1, { items });
    await stack.succeeded(3, 600_000);
    const seconds = (performance.now() - start) / 1000;
    const besideMs = Object.values(await stack.otherWorker.stop()).flat();
    const runId = await stack.newestRunOf('bench-map');
    await expectInOrder(stack, runId, items);
    const orchestrator = await stack.memoryOf('orchestrator');
    const gateway = await stack.memoryOf('gateway');
    return {
      seconds,
      besideMs: besideMs.toSorted((a, b) => a - b),
      orchestrator: orchestrator?.most ?? Number.NaN,
      gateway: gateway?.most ?? Number.NaN,
      ...(await logOf(stack, runId)),
    };
  } finally {
    await stack.stop();
  }
}

async function expectInOrder(stack: BenchStack, runId: string, items: readonly number[]): Promise<void> {
  const { rows } = await stack.pool.query<{ output: string }>(
    `select (data->'output')::text as output from baton.event where run_id = $1 and type = 'RunSucceeded'`,
    [runId],
  );
  const output: unknown = JSON.parse(rows[0]?.output ?? 'null');
  if (JSON.stringify(output) !== JSON.stringify(items)) throw new Error('the Map did not give its items in order');
}

async function logOf(stack: BenchStack, runId: string) {
  const { rows } = await stack.pool.query<{ events: number; continued: number; mebibytes: number }>(
    `select count(*)::int as events, count(*) filter (where type = 'RunContinued')::int as continued,
            sum(length(data::text))::float / 1048576 as mebibytes
       from baton.event where run_id = $1`,
    [runId],
  );
  if (rows[0] === undefined) throw new Error(`run ${runId} has no events`);
  return rows[0];
}
