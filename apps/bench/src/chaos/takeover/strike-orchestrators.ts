import { setTimeout as sleep } from 'node:timers/promises';
import { type Stack, until } from '@baton/test-stack';
import { Burst, CHAINS, REPORTS } from './burst.js';
import type { Distribution } from './distribution.js';
import { spawnOrchestrator } from './spawned.js';

export interface Strikes {
  readonly kills: number;
  readonly random: () => number;
  readonly say: (text: string) => void;
}

const HOW = ['SIGKILL', 'SIGSTOP'] as const;
/** A service that lived for so long is started again at once when it dies: what is measured is no pause for one that dies all the time. */
const HEALTHY_MS = 31_000;
const REPLACED_MS = 60_000;

/** One of two orchestrators is struck while both have runs in hand: how long the work of any run stands still. */
export async function strikeOneOfTwo(stack: Stack, { kills, random, say }: Strikes): Promise<readonly Distribution[]> {
  const burst = await Burst.open(stack, CHAINS);
  const seconds = { SIGKILL: [] as number[], SIGSTOP: [] as number[] };
  let victim = await spawnOrchestrator(stack);
  for (let n = 0; n < 2 * kills; n += 1) {
    const how = HOW[n % 2] ?? 'SIGKILL';
    const { ms, runId } = await burst.longestStall(random, async () => victim.signal(how));
    seconds[how].push(ms / 1_000);
    say(`one of two orchestrators: ${how}, ${(ms / 1_000).toFixed(1)} s (${runId})`);
    // One that wakes up late writes nothing any more, and ends by itself: the runs are checked at the end.
    if (how === 'SIGSTOP' && n % 4 === 1) {
      victim.signal('SIGCONT');
      await sleep(500);
    }
    await victim.end();
    victim = await spawnOrchestrator(stack);
  }
  await victim.end();
  await burst.close();
  return [
    { name: 'one of two orchestrators is killed', seconds: seconds.SIGKILL },
    { name: 'one of two orchestrators is frozen', seconds: seconds.SIGSTOP },
  ];
}

/** The only process of its kind that `baton up` has is struck; `up` starts another. */
export async function strikeTheOnlyOne(
  stack: Stack,
  victim: 'orchestrator' | 'prompt',
  { kills, random, say }: Strikes,
): Promise<readonly Distribution[]> {
  const burst = await Burst.open(stack, victim === 'prompt' ? REPORTS : CHAINS);
  const seconds = { SIGKILL: [] as number[], SIGSTOP: [] as number[] };
  for (let n = 0; n < 2 * kills; n += 1) {
    const how = HOW[n % 2] ?? 'SIGKILL';
    await sleep(HEALTHY_MS);
    const pid = await stack.pidOf(victim);
    const { ms, runId } = await burst.longestStall(random, async () => void process.kill(pid, how));
    seconds[how].push(ms / 1_000);
    say(`the only ${victim}: ${how}, ${(ms / 1_000).toFixed(1)} s (${runId})`);
    await until(async () => (await stack.pidOf(victim).catch(() => pid)) !== pid, `another ${victim}`, REPLACED_MS);
  }
  await burst.close();
  return [
    { name: `the only ${victim} is killed`, seconds: seconds.SIGKILL },
    { name: `the only ${victim} is frozen`, seconds: seconds.SIGSTOP },
  ];
}
