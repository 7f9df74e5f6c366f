/* `kill -9` of anything while it has work in hand, and long lists, with queues on Postgres. */

import { setTimeout as sleep } from 'node:timers/promises';
import { crowd, lostRuns, REPORT, Stack, sevenSteps, until, type Victim } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeLongLists } from './testing/long-lists.js';
import { describeSurvival, eventually, FOR_SURVIVAL, type Strike } from './testing/survival.js';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ args: FOR_SURVIVAL });
});
afterAll(() => stack?.stop());

const kill = (victim: Victim, when: string): Strike => ({
  what: `the ${victim} is killed with -9`,
  when,
  strike: () => eventually(() => stack.kill(victim), `the ${victim} to be killed`),
});

describeSurvival(
  () => stack,
  [
    {
      submission: sevenSteps(),
      strikes: [
        kill('planner', 'Plan'),
        kill('validator', 'ValidatePlan'),
        kill('postgres', 'RevisePlan'),
        kill('programmer', 'Implement'),
        kill('orchestrator', 'RefineCode'),
      ],
    },
    {
      submission: REPORT,
      strikes: [kill('gateway', 'ValidateData'), kill('prompt', 'AnalyzeTrends'), kill('orchestrator', 'Recommend')],
    },
  ],
  [
    {
      submission: sevenSteps(),
      strikes: [kill('orchestrator', 'ValidatePlan'), kill('gateway', 'Plan'), kill('postgres', 'Implement')],
    },
  ],
);
describeLongLists(() => stack);

test('clients that submit and list while gateway and orchestrator are killed: every 202 is a run that ends', async () => {
  const striking = (async () => {
    for (const victim of ['gateway', 'orchestrator'] as const) {
      await sleep(2_000);
      await eventually(() => stack.kill(victim), `the ${victim} to be killed`);
    }
  })();
  const saw = await crowd(stack, { clients: 20, seconds: 8 });
  await striking;
  expect(saw.wrong).toEqual([]);
  expect(saw.accepted.length).toBeGreaterThan(20);
  expect(new Set(saw.accepted).size).toBe(saw.accepted.length);
  await until(
    async () => (await lostRuns(stack, saw.accepted).catch(() => saw.accepted)).length === 0,
    'every accepted run to end',
    120_000,
    1_000,
  );
});
