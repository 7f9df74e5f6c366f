import {
  noPgbouncerHere,
  noRedisHere,
  redisProcesses,
  startCluster,
  startPgbouncer,
  startSentinels,
} from '@baton/servers/testing';
import { startOwnPostgres, startPostgresPair } from '@baton/service-kit/testing';
import { ended, eventsOf, FOR_SEVEN_STEPS, Stack, sevenSteps, submit, until, violations } from '@baton/test-stack';
import pg from 'pg';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { eventually } from './testing/survival.js';

/*
 * Whole stacks of `baton up` on servers as they are run in production. Each does a run of the seven steps, and goes on with
 * others while the server that is in charge is killed. The parts have tests of their own, which are short.
 */

const MINUTE_MS = 60_000;
const RUNS = 3;

async function stackOn(env: Readonly<Record<string, string>>): Promise<Stack> {
  const stack = await Stack.start({ env, args: [...FOR_SEVEN_STEPS] });
  onTestFinished(async () => void (await stack.stop()));
  return stack;
}

async function succeeds(stack: Stack, runId: string): Promise<void> {
  expect(await ended(stack, runId, 3 * MINUTE_MS)).toMatchObject({ status: 'succeeded' });
  expect(violations(await eventsOf(stack, runId))).toEqual([]);
}

/** One run in calm, and some through whatever `strike` does. */
async function worksThrough(stack: Stack, strike: () => Promise<void>): Promise<void> {
  await succeeds(stack, await submit(stack));
  const begin = (n: number): Promise<string> =>
    eventually(() => submit(stack, sevenSteps(), `production-${n}`), 'a submission to be accepted');
  const before = await Promise.all(Array.from({ length: RUNS }, (_, n) => begin(n)));
  await strike();
  const after = await Promise.all(Array.from({ length: RUNS }, (_, n) => begin(RUNS + n)));
  for (const runId of [...before, ...after]) await succeeds(stack, runId);
  await until(() => stack.isReady(), 'the gateway to be ready', MINUTE_MS);
}

async function promote(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('select pg_promote()');
  await client.end();
}

describe.skipIf(inject('effort') === 'short')('a whole stack', () => {
  describe.skipIf(noRedisHere !== null)('with its queues on Redis', () => {
    test(
      'behind sentinels does runs, and goes on when the primary is killed',
      async () => {
        const processes = redisProcesses();
        onTestFinished(() => processes.stop());
        const { primary, sentinels } = await startSentinels(processes);
        const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
        const stack = await stackOn({ REDIS_URL: `redis+sentinel://${hosts}/mymaster` });
        await worksThrough(stack, () => primary.kill());
      },
      8 * MINUTE_MS,
    );

    test(
      'in a cluster does runs, and goes on when a primary is killed',
      async () => {
        const processes = redisProcesses();
        onTestFinished(() => processes.stop());
        const [one, two] = await startCluster(processes);
        const stack = await stackOn({ REDIS_URL: `redis+cluster://127.0.0.1:${one?.port},127.0.0.1:${two?.port}` });
        await worksThrough(stack, async () => two?.kill());
      },
      8 * MINUTE_MS,
    );
  });

  test(
    'on a Postgres with a standby does runs, and goes on with the standby when the primary is killed',
    async () => {
      const pair = await startPostgresPair(true);
      onTestFinished(pair.stop);
      const stack = await stackOn({ DATABASE_URL: pair.reach(pair.primary.url) });
      await worksThrough(stack, async () => {
        process.kill(pair.primary.pid, 'SIGKILL');
        await pair.primary.exited;
        await promote(pair.standby.url);
      });
    },
    8 * MINUTE_MS,
  );

  test.skipIf(noPgbouncerHere !== null)(
    'behind a pgbouncer in transaction mode, each service under its own login, does runs, and goes on when that is started again',
    async () => {
      const server = await startOwnPostgres();
      onTestFinished(server.stop);
      const bouncer = await startPgbouncer(server.url, 'transaction', 'logins');
      onTestFinished(() => bouncer.stop());
      const stack = await stackOn({ DATABASE_URL: bouncer.reach(server.url), BATON_DATABASE_DIRECT_URL: server.url });
      expect(stack.output).not.toMatch(/rights of/);
      await worksThrough(stack, () => bouncer.restart());
    },
    8 * MINUTE_MS,
  );
});
