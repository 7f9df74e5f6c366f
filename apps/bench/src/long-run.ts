import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readFacts, readFactsOfState } from '@baton/event-store';
import { CLI, loopOf } from '@baton/test-stack';
import { readEvent, rebuild } from '@baton/workflow';
import { BenchStack, queuesOf, type Servers } from './bench-stack.js';
import { type BenchResult, figure, quantile } from './result.js';

const execute = promisify(execFile);

/** Of a turn of the loop: entered, scheduled, succeeded, left, and the Choice entered and left. */
const EVENTS_A_STEP = 6;
/** Steps at either end of the run that are compared. The first of all are left out: they warm up the compiler. */
const SAMPLE = 300;
const WARM_UP = 100;
const REPLAYS = 15;

export interface LongRunBench extends Servers {
  readonly rounds: number;
  /** How long the run is, at least. */
  readonly events: number;
}

/**
 * One run with a long life, on the whole stack: what a step costs when the log has grown long, and what it costs to read
 * the run again, all of it or as an orchestrator does that has never seen it.
 */
export async function benchLongRun(options: LongRunBench): Promise<readonly BenchResult[]> {
  const stack = await BenchStack.start(options, [loopOf('bench-loop', 'noop')]);
  try {
    await stack.startGateway();
    await stack.submit('bench-loop', 1, { times: 10 });
    await stack.succeeded(1, 60_000);
    stack.worker.forget();
    await stack.submit('bench-loop', 1, { times: Math.ceil(options.events / EVENTS_A_STEP) });
    await stack.succeeded(2, 600_000);
    const steps = Object.values(await stack.worker.stop()).flat();
    const runId = await stack.newestRunOf('bench-loop');
    const of = `run of ${options.events} events`;
    return [
      ends(`${of}: result to next task, its first steps, ${queuesOf(options)}`, steps.slice(WARM_UP, WARM_UP + SAMPLE)),
      ends(`${of}: result to next task, its last steps, ${queuesOf(options)}`, steps.slice(-SAMPLE)),
      ...(await benchReplay(stack, runId, of)),
      figure(`${of}: baton replay, start to end`, 's', await timed(options.rounds, () => replayWithCli(stack, runId))),
    ];
  } finally {
    await stack.stop();
  }
}

function ends(name: string, steps: readonly number[]): BenchResult {
  const sorted = steps.toSorted((a, b) => a - b);
  const samples = { runs: sorted.length, p99: quantile(sorted, 0.99) };
  return { name, unit: 'ms', median: quantile(sorted, 0.5), ...samples };
}

/** All of the log, and what an orchestrator reads that takes the run over just before its end. */
async function benchReplay(stack: BenchStack, runId: string, of: string): Promise<readonly BenchResult[]> {
  const parts = { read: [] as number[], upcast: [] as number[], fold: [] as number[], all: [] as number[] };
  const cold: number[] = [];
  for (let round = -1; round < REPLAYS; round += 1) {
    const beganMs = performance.now();
    const stored = await readFacts(stack.pool, runId, {});
    const readMs = performance.now();
    const events = stored.map(readEvent);
    const upcastMs = performance.now();
    if (rebuild(events).status !== 'succeeded') throw new Error('the replay did not reach the end of the run');
    const foldedMs = performance.now();
    const last = stored.length - 1;
    const facts = await readFactsOfState(stack.pool, runId, last);
    const state = rebuild(facts.map(readEvent));
    if (state.status !== 'running' || facts.length === last) throw new Error('the log of the run was never continued');
    // The first time warms up the compiler.
    if (round < 0) continue;
    parts.read.push(readMs - beganMs);
    parts.upcast.push(upcastMs - readMs);
    parts.fold.push(foldedMs - upcastMs);
    parts.all.push(foldedMs - beganMs);
    cold.push(performance.now() - foldedMs);
  }
  return [
    figure(`${of}: replay of all of it`, 'ms', parts.all),
    figure(`${of}: replay, reading from Postgres`, 'ms', parts.read),
    figure(`${of}: replay, parsing and checking each event`, 'ms', parts.upcast),
    figure(`${of}: replay, folding`, 'ms', parts.fold),
    figure(`${of}: taken over by an orchestrator that does not know it`, 'ms', cold),
  ];
}

async function replayWithCli(stack: BenchStack, runId: string): Promise<void> {
  const { stdout } = await execute(process.execPath, [CLI, 'replay', runId, '-o', 'json'], {
    env: stack.env,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.includes('succeeded')) throw new Error(`baton replay did not reach the end of the run: ${stdout}`);
}

/** Seconds. */
async function timed(rounds: number, act: () => Promise<void>): Promise<readonly number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const beganMs = performance.now();
    await act();
    seconds.push((performance.now() - beganMs) / 1000);
  }
  return seconds;
}
