import { Verification } from '@baton/contracts';
import { ended, eventsOf, getRun, type Stack, sevenSteps, submit, until, violations } from '@baton/test-stack';
import { expect } from 'vitest';

/** A run is struck when it enters a state. It must succeed all the same: no event twice, no task lost, the log sound. */
export async function expectSurvival(
  stack: Stack,
  when: string,
  strike: () => Promise<void>,
  submission = sevenSteps(),
): Promise<void> {
  const runId = await submit(stack, submission);
  await until(
    async () => (await getRun(stack, runId))?.steps.some(({ state }) => state === when) ?? false,
    `the run to enter ${when}`,
    60_000,
  );
  await strike();
  const view = await ended(stack, runId, 180_000);
  expect(view.status, view.cause ?? '').toBe('succeeded');
  expect(violations(await eventsOf(stack, runId))).toEqual([]);
  const verification = Verification.parse(await stack.api('/v1/audit/verify'));
  expect(verification).toMatchObject({ verified: true, problem: null });
  await until(() => stack.isReady(), 'the stack to be whole again');
}
