import { randomUUID } from 'node:crypto';
import { Verification } from '@baton/contracts';
import { ended, eventsOf, getRun, type Stack, type Submission, submit, until, violations } from '@baton/test-stack';
import { expect, inject, test } from 'vitest';

/** Who has a part in the runs of the stories. */
export const FOR_SURVIVAL = ['--only', 'gateway,orchestrator,planner,validator,programmer,prompt'] as const;

/** Something that befalls a stack while a run has entered a state. */
export interface Strike {
  readonly what: string;
  readonly when: string;
  readonly strike: () => Promise<void>;
}

/** A run, and what befalls the stack on its way. */
export interface Story {
  readonly submission: Submission;
  readonly strikes: readonly Strike[];
}

/**
 * A run succeeds whatever is struck while it is at work: no event twice, no task lost, the log sound. In short the stories
 * are told all at once, each run is struck again and again, and the runs are each other's load; at length each strike has a
 * run for itself, and so has each of the further ones.
 */
export function describeSurvival(stackOf: () => Stack, stories: readonly Story[], further: readonly Story[]): void {
  if (inject('effort') === 'short') {
    test('runs succeed although one thing after another is struck while they are at work', async () => {
      await Promise.all(stories.map((story) => expectSurvival(stackOf(), story)));
      await expectSound(stackOf());
    });
    return;
  }
  const each = [...stories, ...further].flatMap(({ submission, strikes }) =>
    strikes.map((strike) => ({ ...strike, submission })),
  );
  test.each(each)('a run succeeds although $what in $when', async ({ submission, ...strike }) => {
    await expectSurvival(stackOf(), { submission, strikes: [strike] });
    await expectSound(stackOf());
  });
}

async function expectSurvival(stack: Stack, { submission, strikes }: Story): Promise<void> {
  const runId = await submitted(stack, submission);
  for (const { when, strike } of strikes) {
    await until(
      async () => (await getRun(stack, runId))?.steps.some(({ state }) => state === when) ?? false,
      `the run to enter ${when}`,
      120_000,
      // Each look costs the gateway some milliseconds of the processor; a step takes longer than a few of them.
      100,
    );
    await strike();
  }
  const view = await ended(stack, runId, 180_000);
  expect(view.status, view.cause ?? '').toBe('succeeded');
  expect(violations(await eventually(() => eventsOf(stack, runId), 'the events of the run'))).toEqual([]);
}

async function expectSound(stack: Stack): Promise<void> {
  await until(() => stack.isReady(), 'the stack to be whole again');
  const verification = Verification.parse(await stack.api('/v1/audit/verify'));
  expect(verification).toMatchObject({ verified: true, problem: null });
}

/** The gateway is among what is struck: a submission is repeated, with the same request id, until it is accepted. */
function submitted(stack: Stack, submission: Submission): Promise<string> {
  const requestId = randomUUID();
  return eventually(() => submit(stack, submission, requestId), 'a submission to be accepted');
}

/** Asks a stack of which any part may be down for a moment. */
export async function eventually<T>(ask: () => Promise<T>, what: string): Promise<T> {
  const answers: { readonly answer: T }[] = [];
  await until(
    () =>
      ask().then(
        (answer) => answers.push({ answer }) > 0,
        () => false,
      ),
    what,
    60_000,
  );
  const [found] = answers;
  if (found === undefined) throw new Error(`unreachable: no answer for ${what}`);
  return found.answer;
}
