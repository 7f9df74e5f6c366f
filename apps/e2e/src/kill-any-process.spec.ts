import { Verification } from '@baton/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from './testing/invariants.js';
import { ended, eventsOf, getRun, submit } from './testing/runs.js';
import { Stack, type Victim } from './testing/stack.js';
import { until } from './testing/until.js';

/** Each victim is killed when the run enters a state in which that victim has work in hand. */
const KILLS: readonly { readonly victim: Victim; readonly when: string }[] = [
  { victim: 'planner', when: 'Plan' },
  { victim: 'orchestrator', when: 'ValidatePlan' },
  { victim: 'validator', when: 'ValidatePlan' },
  { victim: 'gateway', when: 'Plan' },
  { victim: 'programmer', when: 'Implement' },
  { victim: 'postgres', when: 'RevisePlan' },
  { victim: 'orchestrator', when: 'RefineCode' },
  { victim: 'postgres', when: 'Implement' },
];

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.stop());

for (const { victim, when } of KILLS) {
  test(`a run succeeds although the ${victim} is killed with -9 while it is in ${when}`, async () => {
    const runId = await submit(stack);
    await until(
      async () => (await getRun(stack, runId))?.steps.some(({ state }) => state === when) ?? false,
      `the run to enter ${when}`,
      60_000,
    );
    await stack.kill(victim);

    const view = await ended(stack, runId, 180_000);
    expect(view.status, view.cause ?? '').toBe('succeeded');
    expect(violations(await eventsOf(stack, runId))).toEqual([]);
    const verification = Verification.parse(await stack.api('/v1/audit/verify'));
    expect(verification).toMatchObject({ verified: true, problem: null });
    await until(() => stack.isReady(), 'the stack to be whole again');
  });
}
