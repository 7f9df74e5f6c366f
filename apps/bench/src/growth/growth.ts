import { until } from '@baton/test-stack';
import { BenchStack, queuesOf, type Servers } from '../bench-stack.js';
import { chainOf } from '../chain.js';
import type { BenchResult } from '../result.js';
import { writeCopies } from './copied-runs.js';
import { startCrowd } from './crowd.js';
import { type Load, read, WORKFLOW } from './reading.js';

export interface GrowthOptions extends Servers, Load {
  /** How many runs have ended when a reading is taken, rising. */
  readonly ended: readonly number[];
  readonly waiting: number;
  readonly workers: number;
  readonly orchestrators: readonly number[];
  /** Runs at once where orchestrators are compared: so many that one is at its limit. */
  readonly busyRuns: number;
  readonly parts: readonly GrowthPart[];
  readonly say: (text: string) => void;
}

const PARTS = { ended: endedRuns, waiting: waitingRuns, orchestrators };
export type GrowthPart = keyof typeof PARTS;
export const GROWTH_PARTS: readonly GrowthPart[] = ['ended', 'waiting', 'orchestrators'];

const modelOf = (name: string, state: object) => ({
  name,
  version: '1.0.0',
  title: 'The model of many',
  definition: { QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: { ...state, End: true } } },
});
const ENDED = modelOf('bench-ended', { Type: 'Pass', Output: 1 });
const WAITS = modelOf('bench-waits', { Type: 'Wait', Seconds: 30 * 24 * 60 * 60 });

/** As the worker of kind `quick` has it. */
const BUNDLE = 100;

const count = (n: number): string => n.toLocaleString('en');

/** What work costs as more and more is there beside it. Nothing may grow with what has ended. */
export async function benchGrowth(options: GrowthOptions): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const part of options.parts) results.push(...(await PARTS[part](options)));
  return results;
}

const named = (options: GrowthOptions, what: string): string => `${what}, ${queuesOf(options)}`;

async function onStack<T>(options: GrowthOptions, work: (stack: BenchStack) => Promise<T>): Promise<T> {
  const stack = await BenchStack.start(options, [chainOf(WORKFLOW, options.stepsPerRun, 'quick'), ENDED, WAITS]);
  try {
    await stack.startQuickWorker();
    return await work(stack);
  } finally {
    await stack.stop();
  }
}

/** The run that is copied, once the views know it. */
async function modelRun(stack: BenchStack, workflow: string, status: string): Promise<string> {
  await stack.submit(workflow);
  const views = `baton.run_view where workflow = '${workflow}' and status = '${status}'`;
  await until(async () => (await stack.count(views)) > 0, `the view of ${workflow}`, 60_000);
  return stack.newestRunOf(workflow);
}

async function endedRuns(options: GrowthOptions): Promise<readonly BenchResult[]> {
  const { say } = options;
  return onStack(options, async (stack) => {
    say('without a gateway …');
    const results = [...(await read(stack, named(options, 'no gateway, no views'), options))];
    await stack.startGateway();
    const model = await modelRun(stack, ENDED.name, 'succeeded');
    let written = 0;
    for (const ended of options.ended) {
      say(`${count(ended)} runs that have ended …`);
      await writeCopies(stack.pool, model, ended - written);
      written = ended;
      results.push(...(await read(stack, named(options, `${count(ended)} ended runs`), options)));
    }
    return results;
  });
}

async function waitingRuns(options: GrowthOptions): Promise<readonly BenchResult[]> {
  const { waiting, workers, say } = options;
  return onStack(options, async (stack) => {
    await stack.startGateway();
    say(`${count(waiting)} runs that wait …`);
    await writeCopies(stack.pool, await modelRun(stack, WAITS.name, 'running'), waiting);
    const results = [...(await read(stack, named(options, `${count(waiting)} waiting runs`), options))];
    say(`and ${count(workers)} workers …`);
    const crowd = await startCrowd(String(stack.env.DATABASE_URL), 'quick', workers, BUNDLE);
    try {
      results.push(...(await read(stack, named(options, `and ${count(workers)} workers of the kind`), options)));
    } finally {
      await crowd.stop();
    }
    return results;
  });
}

async function orchestrators(options: GrowthOptions): Promise<readonly BenchResult[]> {
  return onStack(options, async (stack) => {
    const results: BenchResult[] = [];
    let started = 1;
    for (const hubs of options.orchestrators) {
      options.say(`${hubs} orchestrators …`);
      for (; started < hubs; started += 1) await stack.addOrchestrator();
      const what = `${hubs} orchestrator${hubs === 1 ? '' : 's'}, ${options.busyRuns} runs at once, no gateway`;
      results.push(...(await read(stack, named(options, what), { ...options, inFlight: options.busyRuns })));
    }
    return results;
  });
}
