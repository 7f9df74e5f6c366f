import { existsSync } from 'node:fs';
import { type MessagesServer, message, type ReceivedRequest, startMessagesServer } from '@baton/llm/testing';
import { ended, FOR_SEVEN_STEPS, getRun, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { secretsOf, whatIsTold } from './testing/what-is-told.js';

/*
 * The loop with a model behind the Messages API: the real SDK, real HTTP, and a server that answers each schema it is
 * asked for with something that fits. What such a model wrote is executed in a sandbox, or where the operator says so.
 */

const plan = {
  goal: 'Add numbers',
  components: [{ name: 'sum', purpose: 'adds' }],
  files: [
    { path: 'src/sum.ts', purpose: 'the sum' },
    { path: 'test/sum.test.ts', purpose: 'its tests' },
  ],
  interfaces: [{ name: 'sum', signature: 'sum(values: readonly number[]): number', description: 'adds them up' }],
  testPlan: ['an empty list', 'several numbers'],
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
const code = {
  files: [
    {
      path: 'src/sum.ts',
      content:
        'export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);\n',
    },
    {
      path: 'test/sum.test.ts',
      content: [
        `import assert from 'node:assert/strict';`,
        `import { test } from 'node:test';`,
        `import { sum } from '../src/sum.ts';`,
        `test('adds', () => assert.equal(sum([1, 2]), 3));`,
        '',
      ].join('\n'),
    },
  ],
  notes: 'One function.',
  testCommand: 'node --test',
};

const Asked = z.object({
  messages: z.array(z.unknown()),
  tools: z.array(z.object({ name: z.string() })).default([]),
});

const UNCLEAR = 'of numbers, in some way';
const QUESTION = { text: 'Is it the sum or the mean?', choices: ['the sum', 'the mean'] };

/**
 * Without tools it is a reader. The planner has two: it asks where it is told too little, and hands in. The programmer writes its
 * files in the first turn, runs a check in the second, and hands in.
 */
function answerTo(request: ReceivedRequest): Parameters<typeof message>[0] {
  const { messages, tools } = Asked.parse(request.body);
  if (tools.length === 0) return { texts: [JSON.stringify(review)] };
  const turn = (messages.length - 1) / 2;
  const call = (name: string, input: object) => ({ id: `call-${turn}`, name, json: JSON.stringify(input) });
  if (!tools.some(({ name }) => name === 'write')) {
    const asks = turn === 0 && JSON.stringify(messages).includes(UNCLEAR);
    return { texts: [], stopReason: 'tool_use', calls: [asks ? call('ask', QUESTION) : call('finish', plan)] };
  }
  const { files, ...rest } = code;
  const calls = [
    files.map((file) => ({ name: 'write', json: JSON.stringify(file) })),
    [{ name: 'run', json: JSON.stringify({ check: 'types' }) }],
    [{ name: 'finish', json: JSON.stringify(rest) }],
  ][turn];
  return {
    texts: [],
    stopReason: 'tool_use',
    calls: (calls ?? []).map((each, index) => ({ id: `call-${messages.length}-${index}`, ...each })),
  };
}

const Said = z.object({ system: z.union([z.string(), z.array(z.object({ text: z.string() }))]) });

/** Long sentences of what a model was told that it is: no run brought them, so nothing but a prompt has them. */
function sentencesOf(body: unknown): readonly string[] {
  const said = Said.safeParse(body);
  if (!said.success) return [];
  const { system } = said.data;
  const text = typeof system === 'string' ? system : system.map((part) => part.text).join('\n');
  return text
    .split('\n')
    .filter((line) => line.length > 60)
    .slice(0, 1);
}

const hasSandbox = existsSync('/usr/bin/bwrap');

const Output = z.object({
  writtenBy: z.string(),
  toolReport: z.object({
    passed: z.boolean(),
    tools: z.array(
      z.object({
        tool: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        execution: z.object({ driver: z.string() }).nullable(),
      }),
    ),
    notRun: z.array(z.string()),
    reason: z.string().nullable(),
    warning: z.string().nullable(),
  }),
});

let server: MessagesServer;
beforeAll(async () => {
  server = await startMessagesServer((response, request) => message(answerTo(request))(response, request));
});
afterAll(() => server?.close());

const withModel = (extra: Record<string, string> = {}): Promise<Stack> =>
  Stack.start({
    args: FOR_SEVEN_STEPS,
    env: {
      BATON_MODEL: 'claude-sonnet-5-5',
      BATON_MODEL_PLANNER: 'claude-opus-5-5',
      ANTHROPIC_API_KEY: 'sk-ant-api03-a-key-that-nobody-may-read',
      BATON_LOG: 'debug',
      ANTHROPIC_BASE_URL: server.url,
      ...extra,
    },
  });

/** Takes the code as it is, where the run asks. @returns what was asked */
async function takeUntried(stack: Stack, runId: string): Promise<string | null> {
  let asked: string | undefined;
  await until(async () => {
    const waits = (await getRun(stack, runId))?.waitingFor ?? [];
    [asked] = waits.flatMap((wait) => (wait.kind === 'approval' ? [wait.approvalId] : []));
    return asked !== undefined;
  }, 'the run to ask a person');
  const { title } = z.object({ title: z.string().nullable() }).parse(await stack.api(`/v1/approvals/${asked}`));
  const body = JSON.stringify({ decision: 'approve', comment: 'read it' });
  await stack.api(`/v1/approvals/${asked}/decision`, { method: 'POST', body });
  return title;
}

async function outcome(stack: Stack, runId: string) {
  const view = await ended(stack, runId);
  expect(view.status, view.cause ?? '').toBe('succeeded');
  const result = z.object({ output: Output }).parse(await stack.api(`/v1/runs/${runId}/result`));
  const tests = result.output.toolReport.tools.find(({ tool }) => tool === 'tests');
  return { view, tests, ...result.output };
}

describe('with a model behind the Messages API', () => {
  test('a run asks a person about the code whose tests may not be executed', async (context) => {
    context.skip(hasSandbox, 'here they are executed in the sandbox');
    const stack = await withModel();
    try {
      const runId = await submit(stack);
      expect(await takeUntried(stack, runId)).toContain('could not be tried out');
      const { view, tests, writtenBy, toolReport } = await outcome(stack, runId);
      expect(writtenBy).toBe('claude-sonnet-5-5');
      expect(tests).toMatchObject({ status: 'left-out', reason: expect.stringContaining('BATON_SANDBOX') });
      expect(toolReport).toMatchObject({ passed: false, notRun: ['tests'], reason: expect.any(String) });
      expect(view.usage.costUsd).toBeGreaterThan(0);
    } finally {
      await stack.stop();
    }
  });

  test('a run counts tokens and money, names its models, and executes their tests in the sandbox', async (context) => {
    context.skip(!hasSandbox, 'there is no sandbox here');
    const stack = await withModel();
    const already = server.received.length;
    try {
      const { view, tests, writtenBy, toolReport } = await outcome(stack, await submit(stack));
      expect(writtenBy).toBe('claude-sonnet-5-5');
      expect(tests).toMatchObject({ status: 'passed', execution: { driver: 'bwrap' } });
      expect(toolReport).toMatchObject({ passed: true, notRun: [], warning: null });
      // The plan, its review, three turns for the code, and two reviews of it.
      expect(server.received).toHaveLength(already + 7);
      expect(view.usage.inputTokens).toBeGreaterThan(0);
      expect(view.usage.costUsd).toBeGreaterThan(0);
    } finally {
      await stack.stop();
    }
  });

  describe('where the operator says that there is no sandbox', () => {
    let stack: Stack;
    beforeAll(async () => {
      stack = await withModel({ BATON_SANDBOX: 'none' });
    });
    afterAll(() => stack?.stop());

    test('BATON_SANDBOX=none executes them without one, and the result says so', async () => {
      const { tests, toolReport } = await outcome(stack, await submit(stack));
      expect(tests).toMatchObject({ status: 'passed', execution: { driver: 'none' } });
      const warning = expect.stringContaining('without a sandbox');
      expect(toolReport).toMatchObject({ passed: true, notRun: [], warning });
    });

    test('asks a person what is unclear, and goes on with the answer: each call is made and paid once', async () => {
      const already = server.received.length;
      const runId = await submit(stack, { workflow: 'seven-step', input: { requirements: `Add lists ${UNCLEAR}.` } });
      let approvalId = '';
      await until(async () => {
        const [wait] = (await getRun(stack, runId))?.waitingFor ?? [];
        approvalId = wait?.kind === 'approval' ? wait.approvalId : '';
        return approvalId !== '';
      }, 'the planner to ask');
      expect(await stack.api(`/v1/approvals/${approvalId}`)).toMatchObject({
        title: 'Initial plan asks: Is it the sum or the mean?',
        arguments: { about: 'question', choices: ['the sum', 'the mean'] },
      });
      const body = JSON.stringify({ decision: 'answer', comment: 'the sum' });
      await stack.api(`/v1/approvals/${approvalId}/decision`, { method: 'POST', body });
      const view = await ended(stack, runId);
      expect(view.status, view.cause ?? '').toBe('succeeded');
      // The question, the plan, its review, three turns for the code, and two reviews of it.
      expect(server.received).toHaveLength(already + 8);
      const told = JSON.stringify(server.received[already + 1]?.body);
      expect(told).toContain('the sum');
      expect(view.steps.filter(({ state }) => state === 'Plan')).toMatchObject([{ attempt: 1, status: 'succeeded' }]);
    });

    test('nothing that is told of all this holds a token, a password, a key, or what was said to the model', async () => {
      const Made = z.object({ key: z.string() });
      const key = { name: 'for-the-test', roles: ['viewer'] };
      const made = await stack.api('/v1/auth/keys', { method: 'POST', body: JSON.stringify(key) });
      const authorization = `Bearer ${Made.parse(made).key}`;
      await stack.api('/v1/runs', { headers: { authorization } });
      await submit(stack, { workflow: 'seven-step', input: { requirements: 'Fail: no such thing.' } });
      const secrets = await secretsOf(stack);
      expect([...secrets.keys()]).toEqual(expect.arrayContaining(['BATON_TOKEN', 'ANTHROPIC_API_KEY']));
      const forbidden = new Map([...secrets, ['the key that was made', Made.parse(made).key]]);
      for (const [index, { body }] of server.received.entries()) {
        for (const sentence of sentencesOf(body)) forbidden.set(`request ${index} to the model`, sentence);
      }
      const told = await whatIsTold(stack);
      expect(told.filter(({ where }) => where.endsWith('.log')).length).toBeGreaterThan(4);
      expect(told.find(({ where }) => where === 'the events')?.text).toContain('RunSucceeded');
      const leaks = told.flatMap(({ where, text }) =>
        [...forbidden].filter(([, secret]) => text.includes(secret)).map(([what]) => `${where} holds ${what}`),
      );
      expect(leaks).toEqual([]);
    });
  });
});
