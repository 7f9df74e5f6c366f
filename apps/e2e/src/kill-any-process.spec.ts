import { REPORT, RedisServer, redisProgram, Stack, type Submission, type Victim } from '@baton/test-stack';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { expectSurvival } from './testing/survival.js';

/** Each victim is killed when the run enters a state in which that victim has work in hand. */
interface Kill {
  readonly victim: Victim;
  readonly when: string;
  /** What runs, where it is not the seven steps. */
  readonly submission?: Submission;
}

describe('with queues on Postgres', () => {
  const kills: readonly Kill[] = [
    { victim: 'planner', when: 'Plan' },
    { victim: 'orchestrator', when: 'ValidatePlan' },
    { victim: 'validator', when: 'ValidatePlan' },
    { victim: 'gateway', when: 'Plan' },
    { victim: 'programmer', when: 'Implement' },
    { victim: 'postgres', when: 'RevisePlan' },
    { victim: 'orchestrator', when: 'RefineCode' },
    { victim: 'postgres', when: 'Implement' },
    { victim: 'prompt', when: 'AnalyzeTrends', submission: REPORT },
    { victim: 'orchestrator', when: 'Recommend', submission: REPORT },
  ];
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
  });
  afterAll(() => stack?.stop());

  test.each(kills)('a run succeeds although the $victim is killed with -9 in $when', ({ victim, when, submission }) =>
    expectSurvival(stack, when, () => stack.kill(victim), submission),
  );
});

const program = redisProgram();
describe.skipIf(program === null)('with queues on Redis', () => {
  const kills: readonly Kill[] = [
    { victim: 'orchestrator', when: 'Plan' },
    { victim: 'planner', when: 'RevisePlan' },
    { victim: 'validator', when: 'Level2Tools' },
    { victim: 'postgres', when: 'Implement' },
    { victim: 'prompt', when: 'AnalyzeTrends', submission: REPORT },
    { victim: 'orchestrator', when: 'Recommend', submission: REPORT },
  ];
  let redis: RedisServer;
  let stack: Stack;
  beforeAll(async () => {
    redis = await RedisServer.start(program ?? '');
    stack = await Stack.start({ env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await stack?.stop();
    await redis?.stop();
  });

  test.each(kills)('a run succeeds although the $victim is killed with -9 in $when', ({ victim, when, submission }) =>
    expectSurvival(stack, when, () => stack.kill(victim), submission),
  );

  test('a run succeeds although Redis loses everything while a task is in work', () =>
    expectSurvival(stack, 'RevisePlan', () => redis.wipe()));

  test('a run succeeds although Redis is killed with -9 and comes back', () =>
    expectSurvival(stack, 'Implement', async () => {
      await redis.kill();
      await redis.launch();
    }));

  test('a run succeeds although Redis loses everything and the orchestrator is killed at once', () =>
    expectSurvival(stack, 'ValidatePlan', async () => {
      await redis.wipe();
      await stack.kill('orchestrator');
    }));
});
