/* `kill -9` of anything while it has work in hand, and long lists, with queues on Postgres. */

import { REPORT, Stack, sevenSteps, type Victim } from '@baton/test-stack';
import { afterAll, beforeAll } from 'vitest';
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
