import { JsonObject, RunResult } from '@baton/contracts';
import { ended, eventsOf, type Stack, until } from '@baton/test-stack';
import { createPostgresBackend, Queue } from 'bullmq';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';
import { exampleFor, runsOn } from './testing/shipped-runs.js';

let stack: Stack;
test.beforeAll(({ everything }) => {
  stack = everything;
});

const { submit, run, statesOf } = runsOn(() => stack);

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
  expect(await statesOf(runId)).toEqual(['ValidateData', 'AnalyzeTrends', 'AssessRisks', 'Recommend', 'Summarize']);
});

test.each(['report', 'sentiment-routing', 'support-routing', 'tool-router'])(
  '%s takes its example',
  async (workflow) => {
    const { result } = await run(workflow, await exampleFor(workflow));
    expect(result).toMatchObject({ status: 'succeeded', error: null });
  },
);

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

test('support-routing leaves what no department takes to people, and fails where none of them answers in time', async () => {
  const input = { question: 'Who was your founder?', humanQueue: 'front-desk', answerWithinSeconds: 1 };
  const { runId, result } = await run('support-routing', input);
  expect(await statesOf(runId)).toContain('AskPerson');
  expect(result).toMatchObject({ status: 'failed', error: 'Support.NeedsHuman' });
  expect(result.cause).toContain('Nobody answered within 1 seconds.');
  expect(result.cause).toContain('front-desk');
});

const Routed = z.strictObject({
  answer: z.string(),
  isAnswered: z.boolean(),
  calls: z.array(z.object({ tool: z.string(), input: JsonObject, output: z.json() })),
  rounds: z.number(),
});

test('tool-router has a sum calculated by an expression and a report written by a child run, and answers with both', async () => {
  const { runId, result } = await run('tool-router', await exampleFor('tool-router'));
  const { answer, isAnswered, calls, rounds } = Routed.parse(result.output);
  expect(isAnswered).toBe(true);
  expect(rounds).toBe(2);
  expect(calls).toMatchObject([
    {
      tool: 'calculate',
      input: { operation: 'average', numbers: expect.arrayContaining([10200, 9800, 12900]) },
      output: { result: 32900 / 3 },
    },
    { tool: 'report', output: { summary: expect.any(String), trends: expect.any(Array) } },
  ]);
  expect(answer).toMatch(/^The average is 10966\.\d+\. The report says: /);
  const states = await statesOf(runId);
  expect(states.filter((state) => state === 'Ask')).toHaveLength(3);
  expect(states).toEqual(expect.arrayContaining(['Calculate', 'Report']));
});

test('tool-router says so where no tool helps, and calls none', async () => {
  const { result } = await run('tool-router', { question: 'Who was your founder?' });
  expect(Routed.parse(result.output)).toMatchObject({ isAnswered: false, calls: [], rounds: 0 });
});

const Scheduled = z.object({ commandId: z.string(), resource: z.string() });

test('support-routing waits for a person, whose comment is the answer', async () => {
  const { DATABASE_URL: connectionString = '' } = (await stack.joinEnv()) ?? {};
  const intake = new Queue('intake', { connection: { connectionString } }, createPostgresBackend);
  onTestFinished(() => intake.close());
  const runId = await submit('support-routing', { question: 'Who was your founder?' });
  const questions = async () =>
    (await eventsOf(stack, runId)).flatMap(({ type, data }) =>
      type === 'TaskScheduled' ? [Scheduled.parse(data)].filter(({ resource }) => resource === 'baton:approval') : [],
    );
  await until(async () => (await questions()).length > 0, 'the question to a person');
  const [approvalId] = (await questions()).map(({ commandId }) => commandId);
  const answer = { runId, approvalId, decision: 'approve', comment: 'Ada founded us.' };
  await intake.add('decide-approval', { requestId: `answer-${runId}`, ...answer });
  await ended(stack, runId, 60_000);
  expect(RunResult.parse(await stack.api(`/v1/runs/${runId}/result`))).toMatchObject({
    status: 'succeeded',
    output: { department: 'human', answer: 'Ada founded us.', by: expect.any(String) },
  });
});

test('delivery-pipeline analyses, designs, implements, repairs what its tests find, and releases', async () => {
  const { runId, result } = await run('delivery-pipeline', await exampleFor('delivery-pipeline'));
  expect(result).toMatchObject({
    status: 'succeeded',
    output: { rounds: 2, toolReport: { passed: true, notRun: [] }, release: { rollout: expect.any(Array) } },
  });
  expect(await statesOf(runId)).toEqual(
    ['Prepare Analyze Design Implement Test Tested Repair Test Tested Deploy Done'].flatMap((names) =>
      names.split(' '),
    ),
  );
});

test('parallel-research answers the parts of a question from the sources, and puts them together', async () => {
  const { runId, result } = await run('parallel-research', await exampleFor('parallel-research'));
  expect(result.output).toMatchObject({
    answer: expect.stringContaining('3 of 3 sub-questions have an answer'),
    findings: [
      {
        question: 'How do heat pumps keep a house warm in a cold winter?',
        answer: expect.stringContaining('Modern pumps keep a house warm down to minus 20 degrees.'),
      },
      { question: 'What do they cost to run?', answer: expect.stringContaining('depends on the price of electricity') },
      {
        question: 'Which old houses are they not made for?',
        answer: expect.stringContaining('Houses with thin walls'),
      },
    ],
    unanswered: [],
  });
  const entered = await statesOf(runId);
  expect(entered.filter((state) => state === 'AnswerQuestion')).toHaveLength(3);
  expect(entered.slice(-2)).toEqual(['AnyFindings', 'Synthesize']);
});

test('parallel-research names what the sources are silent about', async () => {
  const { result } = await run('parallel-research', { question: 'Who won, and why is rain wet?', sources: [] });
  const gaps = ['Not in the sources: Who won?', 'Not in the sources: Why is rain wet?'];
  expect(result.output).toMatchObject({ gaps, findings: [{ confidence: 'none' }, { confidence: 'none' }] });
});
