import { setTimeout as sleep } from 'node:timers/promises';
import { ended, publish, type Stack, submit, until } from '@baton/test-stack';
import type { Distribution } from './distribution.js';
import { type Spawned, spawnWorker } from './spawned.js';

/** Pairs strike at the same time, each for itself. */
const PAIRS = 4;
const ELSEWHERE_MS = 120_000;
/** Longer than the time in which a lease is renewed: the strike comes at any moment of it. */
const BEFORE_MS = 5_000;
/** A worker that is held up for so long again and again, and lives. */
const SLOW = { stoppedMs: 3_000, runningMs: 1_000, times: 10 };

export interface StrikesOnWorkers {
  readonly kills: number;
  readonly random: () => number;
  readonly say: (text: string) => void;
}

const documentOf = (kind: string) => ({
  name: kind,
  version: '1.0.0',
  title: 'One task that lasts',
  definition: {
    StartAt: 'Hold',
    States: { Hold: { Type: 'Task', Resource: `baton:worker:${kind}`, TimeoutSeconds: 600, End: true } },
  },
});

/**
 * A task is in the hands of one of two workers; that one is killed, or frozen. How long it takes until the other begins it. What a
 * frozen one answers when it wakes up counts for nothing: each run ends well and once.
 */
export async function strikeWorkers(stack: Stack, options: StrikesOnWorkers): Promise<readonly Distribution[]> {
  const seconds = { SIGKILL: [] as number[], SIGSTOP: [] as number[] };
  let left = 2 * options.kills;
  const pairs: { readonly kind: string; readonly workers: Spawned[] }[] = [];
  // One after the other: many that begin at once begin slowly.
  for (let index = 0; index < Math.min(PAIRS, 2 * options.kills); index += 1) {
    const kind = `held-${index}`;
    await publish(stack, documentOf(kind));
    pairs.push({ kind, workers: [await spawnWorker(stack, kind), await spawnWorker(stack, kind)] });
  }
  await Promise.all(
    pairs.map(async ({ kind, workers }, index) => {
      if (index < 2) await slowIsLeftAlone(stack, kind, workers);
      while (left > 0) {
        const how = left % 2 === 0 ? 'SIGKILL' : 'SIGSTOP';
        left -= 1;
        seconds[how].push(await strikeOnce(stack, kind, { workers, how, random: options.random }));
        options.say(`${kind}: ${how}, ${seconds[how].at(-1)?.toFixed(1)} s until it ran elsewhere`);
      }
      for (const worker of workers) await worker.end();
    }),
  );
  return [
    { name: 'task of a worker that is killed', seconds: seconds.SIGKILL },
    { name: 'task of a worker that is frozen', seconds: seconds.SIGSTOP },
  ];
}

const begins = (worker: Spawned, runId: string): number => worker.begunAtMs.get(runId)?.length ?? 0;

async function begun(stack: Stack, kind: string, workers: readonly Spawned[]) {
  const runId = await submit(stack, { workflow: kind, input: {} });
  const holderOf = (): Spawned | undefined => workers.find((worker) => begins(worker, runId) > 0);
  await until(() => holderOf() !== undefined, `the task of ${runId} to be begun`, ELSEWHERE_MS);
  const holder = holderOf();
  const other = workers.find((worker) => worker !== holder);
  if (holder === undefined || other === undefined) throw new Error('unreachable: one of two has it');
  return { runId, holder, other };
}

async function strikeOnce(
  stack: Stack,
  kind: string,
  given: { readonly workers: Spawned[]; readonly how: 'SIGKILL' | 'SIGSTOP'; readonly random: () => number },
): Promise<number> {
  const { workers, how, random } = given;
  const { runId, holder, other } = await begun(stack, kind, workers);
  await sleep(random() * BEFORE_MS);
  const atMs = performance.now();
  holder.signal(how);
  await until(() => begins(other, runId) > 0, `the task of ${runId} to run elsewhere`, ELSEWHERE_MS);
  const [beganAtMs = Number.NaN] = other.begunAtMs.get(runId) ?? [];
  holder.signal('SIGCONT');
  holder.finish();
  other.finish();
  const { status, cause } = await ended(stack, runId);
  if (status !== 'succeeded') throw new Error(`run ${runId} ${status}: ${cause}`);
  await holder.end();
  workers[workers.indexOf(holder)] = await spawnWorker(stack, kind);
  return (beganAtMs - atMs) / 1_000;
}

async function slowIsLeftAlone(stack: Stack, kind: string, workers: readonly Spawned[]): Promise<void> {
  const { runId, holder, other } = await begun(stack, kind, workers);
  for (let n = 0; n < SLOW.times; n += 1) {
    holder.signal('SIGSTOP');
    await sleep(SLOW.stoppedMs);
    holder.signal('SIGCONT');
    await sleep(SLOW.runningMs);
  }
  // Also the other one, where it has the task although it should not.
  holder.finish();
  other.finish();
  await ended(stack, runId);
  if (begins(holder, runId) !== 1 || begins(other, runId) !== 0)
    throw new Error(`a slow worker's task was begun ${begins(holder, runId)} and ${begins(other, runId)} times`);
}
