import { type MessagesServer, message, type ReceivedRequest, startMessagesServer } from '@baton/llm/testing';
import { eventsOf, FOR_SEVEN_STEPS, getRun, Stack, sevenSteps, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/*
 * The budget of a run, from its submission to the requests that a model's server gets: each task is told what it may
 * spend, and when most of it is used, to come to an end.
 */

const plan = {
  goal: 'Add numbers',
  components: [{ name: 'sum', purpose: 'adds' }],
  files: [{ path: 'src/sum.ts', purpose: 'the sum' }],
  interfaces: [],
  testPlan: ['an empty list'],
  risks: [],
  openQuestions: [],
  answers: [],
};
const review = {
  scores: { alignment: 9.4, standardization: 9, compatibility: 9.1 },
  issues: [],
  verdict: 'pass',
  summary: 'Fits.',
};

const Asked = z.object({
  max_tokens: z.int(),
  messages: z.tuple([z.object({ content: z.unknown() })]),
  output_config: z.object({
    format: z.object({ schema: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
  }),
});
const asked = (request: ReceivedRequest | undefined): z.infer<typeof Asked> => Asked.parse(request?.body);
const promptOf = (request: ReceivedRequest | undefined): string => JSON.stringify(asked(request).messages[0].content);

const LIMIT = 200_000;
const CACHE = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
/** More than four fifths of the limit, then nearly all that is left. */
const USED = {
  plan: { input_tokens: 150_000, output_tokens: 15_000, ...CACHE },
  review: { input_tokens: 4_000, output_tokens: 30_000, ...CACHE },
};

let server: MessagesServer;
let stack: Stack;
beforeAll(async () => {
  server = await startMessagesServer((response, request) => {
    const { properties } = asked(request).output_config.format.schema;
    const isPlan = 'components' in properties;
    const reply = message({ texts: [JSON.stringify(isPlan ? plan : review)], usage: isPlan ? USED.plan : USED.review });
    return reply(response, request);
  });
  stack = await Stack.start({
    args: FOR_SEVEN_STEPS,
    env: { BATON_MODEL: 'claude-sonnet-5-5', ANTHROPIC_API_KEY: 'test', ANTHROPIC_BASE_URL: server.url },
  });
});
afterAll(async () => {
  await stack?.stop();
  await server?.close();
});

test('a run tells its tasks what is left of its budget, and pays for no call that does not fit', async () => {
  // Nobody is there to be asked, so the plan is one question with a schema.
  const { workflow, input } = sevenSteps();
  const decisions = { mode: 'programmatic' };
  const runId = await submit(stack, {
    workflow,
    input: { ...input, escalation: 'fail' },
    decisions,
    budget: { tokens: LIMIT },
  });
  const isOver = async (): Promise<boolean> => {
    const view = await getRun(stack, runId);
    return view !== null && (view.status === 'failed' || view.waitingFor.length > 0);
  };
  await until(isOver, 'the budget to end the run or to have a person asked', 60_000);

  const [first, second] = server.received;
  expect(promptOf(first)).not.toContain('budget of this run');
  expect(asked(first).max_tokens).toBe(32_000);
  expect(promptOf(second)).toContain('The budget of this run is nearly used up. Finish with what is there');
  expect(asked(second).max_tokens).toBeLessThan(35_000 - 500);

  // 1,000 tokens are left: the implementation is never asked for.
  expect(server.received).toHaveLength(2);
  const events = await eventsOf(stack, runId);
  const failed = events.filter(({ type }) => type === 'TaskFailed').map(({ data }) => data);
  expect(failed).toMatchObject([{ error: 'Baton.BudgetExhausted' }]);
  expect(events.some(({ type }) => type === 'BudgetWarned')).toBe(true);
});
