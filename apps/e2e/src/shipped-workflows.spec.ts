import { RunResult, RunView } from '@baton/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ended, eventsOf } from './testing/runs.js';
import { Stack } from './testing/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
});
afterAll(() => stack?.stop());

async function run(workflow: string, input: object) {
  const body = JSON.stringify({ workflow, input });
  const { runId } = RunView.pick({ runId: true }).parse(await stack.api('/v1/runs', { method: 'POST', body }));
  await ended(stack, runId, 60_000);
  const result = RunResult.parse(await stack.api(`/v1/runs/${runId}/result`));
  return { runId, result };
}

const Item = z.string().min(1);
const Report = z.strictObject({
  summary: Item,
  recommendations: z.array(Item).min(1),
  risks: z.array(z.strictObject({ risk: Item, severity: z.enum(['high', 'medium', 'low']) })),
  trends: z.array(z.strictObject({ trend: Item, evidence: Item })).min(1),
  validation: z.strictObject({ complete: z.boolean(), anomalies: z.array(z.string()) }),
});

test('report makes five analyses, each from the ones before it', async () => {
  const data = { revenue: [10, 12, 15], note: 'Revenue grows. Costs grow faster. One month is missing.' };
  const { runId, result } = await run('report', { data });
  expect(result.error).toBeNull();
  Report.parse(result.output);
  const entered = (await eventsOf(stack, runId)).flatMap(({ type, data: fact }) =>
    type === 'StateEntered' ? [z.object({ state: z.string() }).parse(fact).state] : [],
  );
  expect(entered).toEqual(['ValidateData', 'AnalyzeTrends', 'AssessRisks', 'Recommend', 'Summarize']);
});

test.each([
  ['I love this, thanks, it is great!', 'positive', 'offer'],
  ['It is broken again and I am angry.', 'negative', 'support'],
  ['The parcel came on Tuesday.', 'neutral', 'acknowledge'],
])('sentiment-routing answers %j as %s', async (text, sentiment, action) => {
  const { result } = await run('sentiment-routing', { text });
  expect(result).toMatchObject({ status: 'succeeded', output: { sentiment, action, answer: expect.any(String) } });
});

test.each([
  ['I need a refund for the second invoice.', 'billing'],
  ['The app shows an error and crashes at login.', 'technical'],
  ['Can you send me an offer for ten licences?', 'sales'],
])('support-routing gives %j to %s', async (question, department) => {
  const { result } = await run('support-routing', { question });
  expect(result).toMatchObject({ status: 'succeeded', output: { department, answer: expect.any(String) } });
});

test('support-routing leaves what no department takes to people, and names their queue', async () => {
  const { result } = await run('support-routing', { question: 'Who was your founder?', humanQueue: 'front-desk' });
  expect(result).toMatchObject({ status: 'failed', error: 'Support.NeedsHuman' });
  expect(result.cause).toContain('front-desk');
});
