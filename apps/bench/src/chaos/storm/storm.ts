import { setTimeout as sleep } from 'node:timers/promises';
import { openReceiver } from '@baton/notifications/testing';
import { ended, FaultProxy, REPORT, Stack, type Submission, sevenSteps, submit, until } from '@baton/test-stack';
import { startRedis } from '../with-stack.js';
import { Beside } from './beside.js';
import { BoundedDisk } from './bounded-disk.js';
import { faultsOf, missingHere, type Service, type Targets } from './faults.js';
import { brokenInvariants } from './invariants.js';
import { OwnPostgres } from './own-postgres.js';
import { planOf, type Strike } from './plan.js';

export interface Storm {
  readonly seed: string;
  readonly runs: number;
  readonly strikes: number;
  readonly isOnRedis: boolean;
  readonly random: () => number;
  readonly say: (text: string) => void;
}

const SERVICES: readonly Service[] = ['orchestrator', 'gateway', 'planner', 'validator', 'programmer', 'prompt'];
const ENDS_MS = 300_000;
const NO_LIMITS = { BATON_RATE_PER_KEY: '0', BATON_RATE_PER_ADDRESS: '0', BATON_WEBHOOK_ALLOW_PRIVATE: 'true' };

/**
 * A whole stack under many runs, with Postgres and Redis behind proxies of our own, and one fault after another. Then calm: every
 * run must succeed, and what always has to hold must hold. @returns the exit code
 */
export async function storm(options: Storm): Promise<number> {
  const disk = await BoundedDisk.open();
  const redis = options.isOnRedis ? await startRedis() : null;
  const postgres = await OwnPostgres.start(disk.folder, options.say);
  const toPostgres = await FaultProxy.start(postgres.url);
  const way = redis === null ? null : await FaultProxy.start(redis.url);
  const receiver = await openReceiver();
  try {
    const env = {
      ...NO_LIMITS,
      DATABASE_URL: toPostgres.url,
      ...(way === null ? {} : { REDIS_URL: way.url }),
    };
    const stack = await Stack.start({ env, args: ['--only', SERVICES.join(',')] });
    try {
      await stack.api('/v1/webhooks', {
        method: 'POST',
        body: JSON.stringify({ url: receiver.url, events: ['run.finished'] }),
      });
      const beside = await Beside.start(stack, stack.home);
      try {
        const server = redis === null || way === null ? null : { server: redis, way };
        const targets = { stack, beside, postgres, disk, toPostgres, redis: server };
        const runIds = await weather(targets, options);
        options.say(`calm; ${runIds.length} runs; postgres ended ${postgres.ends} times`);
        return await verdict(
          targets,
          runIds,
          () => brokenInvariants(stack, { databaseUrl: postgres.url, runIds, receiver }),
          options,
        );
      } finally {
        await beside.end();
      }
    } finally {
      await stack.stop();
    }
  } finally {
    await receiver.close();
    await toPostgres.stop();
    await way?.stop();
    await postgres.stop();
    await redis?.stop();
    disk.close();
  }
}

/** Submits all the while, and strikes. Gives the runs that were accepted. */
async function weather(
  targets: Targets,
  { seed, runs, strikes, isOnRedis, random, say }: Storm,
): Promise<readonly string[]> {
  for (const missing of missingHere(targets)) say(missing);
  const plan = planOf(faultsOf(SERVICES, isOnRedis), strikes, random);
  let isOver = false;
  const runIds: string[] = [];
  const submitting = (async () => {
    for (let n = 0; n < runs; n += 1) {
      runIds.push(await submitted(targets.stack, workOf(n), `storm-${seed}-${n}`));
      if (!isOver) await sleep((strikes * 2_500) / runs);
    }
  })();
  for (const strike of plan) await struck(targets, strike, say);
  isOver = true;
  await targets.beside.setClock(0);
  await submitting;
  return runIds;
}

async function struck(targets: Targets, { fault, pauseMs, share }: Strike, say: (text: string) => void): Promise<void> {
  await sleep(pauseMs);
  say(`${fault.name} (${share.toFixed(2)})`);
  await fault.strike(targets, share).catch((thrown: unknown) => {
    // It is down already and on its way back.
    say(`  not struck: ${String(thrown)}`);
  });
}

async function verdict(
  { stack }: Targets,
  runIds: readonly string[],
  broken: () => Promise<readonly string[]>,
  { seed, say }: Storm,
): Promise<number> {
  const beganMs = performance.now();
  const problems: string[] = [];
  await until(() => stack.isReady(), 'the gateway to be ready', ENDS_MS, 500);
  for (const runId of runIds) {
    const view = await ended(stack, runId, ENDS_MS).catch((thrown: unknown) => String(thrown));
    if (typeof view === 'string') problems.push(view);
    else if (view.status !== 'succeeded') problems.push(`${runId} ${view.status}: ${view.error} ${view.cause}`);
  }
  const calmS = ((performance.now() - beganMs) / 1_000).toFixed(1);
  problems.push(...(await broken()));
  for (const problem of problems) say(problem);
  if (problems.length > 0) say(stack.output);
  process.stdout.write(
    `seed ${seed}: ${runIds.length} runs ended ${calmS} s after the last fault, ${problems.length} problems\n`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** Every third run asks the prompt worker; the others go through planner, validator and programmer, one in two with a budget. */
const workOf = (n: number): Submission =>
  n % 3 === 2
    ? REPORT
    : {
        ...sevenSteps(`# Task ${n}\n\n- Do one thing.\n- Fail with a clear error.\n`),
        ...(n % 2 === 0 ? { budget: { tokens: 50_000_000 } } : {}),
      };

/** The gateway is among the victims: a submission is repeated until it was accepted, with the same request id. */
async function submitted(stack: Stack, submission: Submission, requestId: string): Promise<string> {
  for (;;) {
    try {
      return await submit(stack, submission, requestId);
    } catch {
      await sleep(300);
    }
  }
}
