import { BenchStack, queuesOf, type Servers } from './bench-stack.js';
import { chainOf } from './chain.js';
import { type BenchResult, figure, quantile } from './result.js';

const STEPS = 20;

const CHAIN = chainOf('bench-chain', STEPS);

export interface StepsBench extends Servers {
  readonly rounds: number;
  readonly runs: number;
  /** Whether the worker is one that announces nothing. */
  readonly isWorkerPlain: boolean;
}

/**
 * The orchestration cost of a step: one orchestrator process, one process with a worker that does nothing, as users write it
 * or one that knows only BullMQ, real Postgres, real queues. Throughput with many runs at once; turnaround (result handed in → next task of the run received) with one
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
  const on = `${queuesOf(options)}${options.isWorkerPlain ? ', a plain worker of BullMQ' : ''}`;
  return [
    figure(`steps, ${options.runs} runs at once, ${on}`, 'steps/s', throughput),
    figure(`result to next task, p50, one run, ${on}`, 'ms', p50),
    figure(`result to next task, p99, one run, ${on}`, 'ms', p99),
  ];
}

async function measure(options: StepsBench, runsAtOnce: number, times = 1) {
  const { isWorkerPlain } = options;
  const stack = await BenchStack.start(options, [CHAIN], { isWorkerPlain });
  try {
    // One run first: connections, caches and compiled code are not what is measured.
    await stack.submit('bench-chain');
    await stack.succeeded(1, 60_000);
    const start = performance.now();
    for (let time = 0; time < times; time += 1) {
      await stack.submit('bench-chain', runsAtOnce);
      await stack.succeeded(1 + (time + 1) * runsAtOnce, 300_000);
    }
    const seconds = (performance.now() - start) / 1000;
    const turnaroundMs = Object.values(await stack.worker.stop()).flat();
    return {
      stepsPerSecond: (times * runsAtOnce * STEPS) / seconds,
      turnaroundMs: turnaroundMs.toSorted((a, b) => a - b),
    };
  } finally {
    await stack.stop();
  }
}
