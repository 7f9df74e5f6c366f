/*
 * `kill -9` of anything while it has work in hand, a Redis that loses everything or behind a network that fails, and long lists, with
 * queues on Redis.
 */

import { FaultProxy, REPORT, RedisServer, redisProgram, Stack, sevenSteps, type Victim } from '@baton/test-stack';
import { afterAll, beforeAll, describe } from 'vitest';
import { describeLongLists } from './testing/long-lists.js';
import { describeSurvival, eventually, FOR_SURVIVAL, type Strike } from './testing/survival.js';

const program = redisProgram();
describe.skipIf(program === null)('with queues on Redis', () => {
  let redis: RedisServer;
  let way: FaultProxy;
  let stack: Stack;
  beforeAll(async () => {
    redis = await RedisServer.start(program ?? '');
    way = await FaultProxy.start(redis.url);
    stack = await Stack.start({ args: FOR_SURVIVAL, env: { REDIS_URL: way.url } });
  });
  afterAll(async () => {
    await stack?.stop();
    await way?.stop();
    await redis?.stop();
  });

  const killed = (victim: Victim) => eventually(() => stack.kill(victim), `the ${victim} to be killed`);
  const kill = (victim: Victim, when: string): Strike => ({
    what: `the ${victim} is killed with -9`,
    when,
    strike: () => killed(victim),
  });
  const wipe = (when: string): Strike => ({
    what: 'Redis loses everything while a task is in work',
    when,
    strike: () => redis.wipe(),
  });
  const restart = (when: string): Strike => ({
    what: 'Redis is killed with -9 and comes back',
    when,
    strike: async () => {
      await redis.kill();
      await redis.launch();
    },
  });
  const wipeAndKill = (when: string): Strike => ({
    what: 'Redis loses everything and the orchestrator is killed at once',
    when,
    strike: async () => {
      await redis.wipe();
      await killed('orchestrator');
    },
  });

  const hole = (when: string): Strike => ({
    what: 'the network to Redis swallows everything for a second',
    when,
    strike: () => way.hole(1_000),
  });
  const reset = (when: string): Strike => ({
    what: 'all connections to Redis are reset',
    when,
    strike: async () => way.reset(),
  });
  const halfOpen = (when: string): Strike => ({
    what: 'nobody answers any more on any connection to Redis',
    when,
    strike: async () => way.halfOpen(),
  });

  describeSurvival(
    () => stack,
    [
      {
        submission: sevenSteps(),
        strikes: [
          kill('orchestrator', 'Plan'),
          wipeAndKill('ValidatePlan'),
          kill('planner', 'RevisePlan'),
          restart('Implement'),
          kill('validator', 'Level2Tools'),
          wipe('RefineCode'),
        ],
      },
      {
        submission: REPORT,
        strikes: [
          hole('ValidateData'),
          kill('prompt', 'AnalyzeTrends'),
          reset('AssessRisks'),
          kill('postgres', 'Recommend'),
        ],
      },
    ],
    [
      { submission: sevenSteps(), strikes: [halfOpen('RevisePlan'), halfOpen('Implement')] },
      { submission: sevenSteps(), strikes: [wipe('RevisePlan'), kill('postgres', 'Implement')] },
      { submission: REPORT, strikes: [kill('orchestrator', 'Recommend')] },
    ],
  );
  describeLongLists(() => stack);
});
