import { randomUUID } from 'node:crypto';
import { WorkerList } from '@baton/contracts';
import { RedisServer, ROOT, redisProgram, Stack, until } from '@baton/test-stack';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { startOrchestrator, startStepWorker } from './testing/side-process.js';
import { SteadyLoad } from './testing/steady-load.js';

/* A worker and an orchestrator are taken out of a system that is at work, and nothing waits for that. */

const program = redisProgram();
const SERVERS =
  inject('effort') === 'long' && program !== null ? (['Postgres', 'Redis'] as const) : (['Postgres'] as const);
/** After so long a process counts as gone that says nothing: what is given away at once waits for nothing of the kind. */
const GONE_AFTER_MS = 6_000;

async function startStack(server: (typeof SERVERS)[number]): Promise<Stack> {
  const redis = server === 'Redis' ? await RedisServer.start(program ?? '') : null;
  if (redis !== null) onTestFinished(() => redis.stop());
  const env = redis === null ? {} : { REDIS_URL: redis.url };
  const stack = await Stack.start({ args: ['--only', 'gateway,orchestrator'], env });
  onTestFinished(async () => void (await stack.stop()));
  return stack;
}

describe.each(SERVERS)('with queues on %s', (server) => {
  test('a worker and an orchestrator are drained while runs are under way, and no run waits for it', async () => {
    const stack = await startStack(server);
    const kind = `k${randomUUID().slice(0, 8)}`;
    const [leaving, staying] = [
      await startStepWorker(stack, ROOT, kind, 40),
      await startStepWorker(stack, ROOT, kind, 40),
    ];
    onTestFinished(async () => void (await Promise.all([leaving.stop(), staying.stop()])));
    const second = await startOrchestrator(stack, ROOT);
    onTestFinished(async () => void (await second.stop()));
    const load = await SteadyLoad.start(stack, { kind, clients: 6, steps: 5 });
    const workers = async () => WorkerList.parse(await stack.api('/v1/workers')).workers;
    const steps = () => (leaving.said + staying.said).split('done ').length;
    const more = async () => {
      const before = steps();
      await until(() => steps() > before + 40, 'more steps');
    };
    await more();

    const { workerId = '' } = (await workers()).find(({ pid }) => pid === leaving.child.pid) ?? {};
    await stack.api(`/v1/workers/${workerId}/drain`, { method: 'POST' });
    const ofLeaving = async () => (await workers()).find((each) => each.workerId === workerId);
    await until(async () => {
      const worker = await ofLeaving();
      return worker?.isDraining === true && worker.load === 0;
    }, 'the worker to have nothing in work');
    const done = leaving.said;
    await more();
    expect(leaving.said).toBe(done);
    expect(await leaving.stop()).toBe(0);
    expect(await ofLeaving()).toMatchObject({ status: 'stopped' });

    // It has a share of the runs, and of the tasks that are out.
    await more();
    expect(await second.stop()).toBe(0);
    await more();

    const { longestPauseMs, ...whole } = await load.expectWhole();
    process.stderr.write(`draining on ${server}: ${JSON.stringify({ longestPauseMs, ...whole })}\n`);
    expect(longestPauseMs).toBeLessThan(GONE_AFTER_MS);
    // Nobody had anything taken away, so nothing was done twice.
    const begun = (leaving.said + staying.said).match(/^begun .*$/gm) ?? [];
    expect(new Set(begun).size).toBe(begun.length);
  });

  test('a worker that is told to stop hands back at once what it cannot end, and another ends it', async () => {
    const stack = await startStack(server);
    const kind = `k${randomUUID().slice(0, 8)}`;
    const leaving = await startStepWorker(stack, ROOT, kind, 600_000);
    onTestFinished(async () => void (await leaving.stop()));
    const load = await SteadyLoad.start(stack, { kind, clients: 1, steps: 1 });
    await until(() => leaving.said.includes('begun '), 'the task to be begun');
    const staying = await startStepWorker(stack, ROOT, kind, 0);
    onTestFinished(async () => void (await staying.stop()));
    expect(await leaving.stop()).toBe(0);
    await until(() => staying.said.includes('done '), 'the task to be done');
    await load.expectWhole();
  });
});
