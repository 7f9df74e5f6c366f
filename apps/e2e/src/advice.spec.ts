import { ended, eventsOf, getRun, type Stack, sevenSteps, submit, until } from '@baton/test-stack';
import { expect } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';

/* The hub asks, the advisor answers from its queue: the offline one, which follows fixed rules and says so. */

const Decision = z.object({
  point: z.object({ state: z.string() }),
  source: z.string(),
  actionType: z.string(),
  rationale: z.string(),
  confidence: z.number().nullable(),
  programmaticAlternative: z.string().nullable(),
});

const DecisionMade = z.object({ decision: Decision });

let stack: Stack;
test.beforeAll(({ everything }) => {
  stack = everything;
});

const decisionsOf = async (runId: string): Promise<readonly z.infer<typeof Decision>[]> =>
  (await eventsOf(stack, runId))
    .filter(({ type }) => type === 'DecisionMade')
    .map(({ data }) => DecisionMade.parse(data).decision);

const countOf = async (runId: string, wanted: string): Promise<number> =>
  (await eventsOf(stack, runId)).filter(({ type }) => type === wanted).length;

/** Advice that agrees with the rule leaves the decision to the rule, with the confidence of the advisor. */
async function expectAgreement(runId: string): Promise<void> {
  const decisions = await decisionsOf(runId);
  expect(decisions.length).toBeGreaterThanOrEqual(4);
  for (const decision of decisions) {
    expect(decision).toMatchObject({ source: 'programmatic', confidence: expect.any(Number) });
  }
  expect(await countOf(runId, 'AdviceGiven')).toBe(decisions.length);
}

test('advice that differs from the rule has the word: at a standstill a person is asked', async () => {
  const { workflow, input } = sevenSteps();
  const thresholds = { alignment: 10, standardization: 10, compatibility: 10 };
  const runId = await submit(stack, { workflow, input: { ...input, thresholds }, decisions: { mode: 'hybrid' } });
  await until(async () => (await getRun(stack, runId))?.waitingFor?.length === 1, 'a person to be asked', 60_000);
  const last = (await decisionsOf(runId)).at(-1);
  expect(last).toMatchObject({
    point: { state: 'PlanConverged' },
    source: 'llm_override',
    actionType: 'request_human',
    rationale: expect.stringContaining('fixed rules of the offline advisor'),
    programmaticAlternative: 'go:RevisePlan',
  });
});

test('advice that agrees leaves the decision to the rule, and an advisor that is killed with -9 when it is asked gives it after all, and once', async () => {
  const runId = await submit(stack, { ...sevenSteps(), decisions: { mode: 'llm' } });
  await until(async () => (await countOf(runId, 'AdviceRequested')) === 1, 'advice to be asked for', 30_000);
  await stack.kill('advisor');
  expect(await ended(stack, runId)).toMatchObject({ status: 'succeeded' });
  const events = await eventsOf(stack, runId);
  const settled = events.filter(({ type }) => type === 'AdviceGiven' || type === 'AdviceFailed');
  const asked = events.filter(({ type }) => type === 'AdviceRequested');
  expect(settled.map(({ data }) => z.object({ commandId: z.string() }).parse(data).commandId).sort()).toEqual(
    asked.map(({ data }) => z.object({ commandId: z.string() }).parse(data).commandId).sort(),
  );
  expect(settled.every(({ type }) => type === 'AdviceGiven')).toBe(true);
  await expectAgreement(runId);
});
