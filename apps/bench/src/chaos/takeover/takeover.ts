import { join } from 'node:path';
import { Verification } from '@baton/contracts';
import { NoopWorker, ROOT, type Stack } from '@baton/test-stack';
import { type Distribution, rowsOf } from './distribution.js';
import { type Strikes, strikeOneOfTwo, strikeTheOnlyOne } from './strike-orchestrators.js';
import { strikeWorkers } from './strike-workers.js';

/** Who is struck: one of two workers, one of two orchestrators, or the only one there is, of either. */
export const TAKEOVERS = ['workers', 'orchestrators', 'only-orchestrator', 'only-prompt'] as const;
export type Takeover = (typeof TAKEOVERS)[number];

const QUICK_WORKER = join(ROOT, 'apps/bench/dist/quick-worker.js');

/**
 * Kills and freezes, as many of each, of processes that have work in hand, and how long it takes until another has that work.
 * Every run must succeed, and the log verify.
 * @returns the exit code
 */
export function takeover(stack: Stack, who: Takeover, strikes: Strikes): Promise<number> {
  return withQuickWorker(stack, async () => {
    for (const row of rowsOf(await distributionsOf(stack, who, strikes))) process.stdout.write(`${row}\n`);
    const verification = Verification.parse(await stack.api('/v1/audit/verify'));
    if (!verification.verified) strikes.say(`the log: ${verification.problem}`);
    return verification.verified ? 0 : 1;
  });
}

/** Beside a worker whose tasks do nothing. */
export async function withQuickWorker<T>(stack: Stack, work: () => Promise<T>): Promise<T> {
  const env = { ...stack.env, ...(await stack.joinEnv()), BATON_LOG: 'error' };
  const worker = await NoopWorker.run([QUICK_WORKER], env);
  try {
    return await work();
  } finally {
    await worker.stop();
  }
}

function distributionsOf(stack: Stack, who: Takeover, strikes: Strikes): Promise<readonly Distribution[]> {
  switch (who) {
    case 'workers':
      return strikeWorkers(stack, strikes);
    case 'orchestrators':
      return strikeOneOfTwo(stack, strikes);
    case 'only-orchestrator':
      return strikeTheOnlyOne(stack, 'orchestrator', strikes);
    case 'only-prompt':
      return strikeTheOnlyOne(stack, 'prompt', strikes);
  }
}
