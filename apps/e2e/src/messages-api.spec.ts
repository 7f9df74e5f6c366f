import { existsSync } from 'node:fs';
import { type MessagesServer, message, type ReceivedRequest, startMessagesServer } from '@baton/llm/testing';
import { ended, FOR_SEVEN_STEPS, getRun, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

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
  output_config: z
    .object({ format: z.object({ schema: z.object({ properties: z.record(z.string(), z.unknown()) }) }).optional() })
    .optional(),
});

/**
 * Which of the schemas is asked for shows in its fields. With tools it is the programmer, which writes its files in the
 * first turn, runs a check in the second, and hands in.
 */
function answerTo(request: ReceivedRequest): Parameters<typeof message>[0] {
  const { messages, tools, output_config: config } = Asked.parse(request.body);
  if (tools.length === 0) {
    const properties = config?.format?.schema.properties ?? {};
    return { texts: [JSON.stringify('components' in properties ? plan : review)] };
  }
  const { files, ...rest } = code;
  const calls = [
    files.map((file) => ({ name: 'write', json: JSON.stringify(file) })),
    [{ name: 'run', json: JSON.stringify({ check: 'types' }) }],
    [{ name: 'finish', json: JSON.stringify(rest) }],
  ][(messages.length - 1) / 2];
  return {
    texts: [],
    stopReason: 'tool_use',
    calls: (calls ?? []).map((call, index) => ({ id: `call-${messages.length}-${index}`, ...call })),
  };
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
      ANTHROPIC_API_KEY: 'sk-test',
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

  test('BATON_SANDBOX=none executes them without one, and the result says so', async () => {
    const stack = await withModel({ BATON_SANDBOX: 'none' });
    try {
      const { tests, toolReport } = await outcome(stack, await submit(stack));
      expect(tests).toMatchObject({ status: 'passed', execution: { driver: 'none' } });
      const warning = expect.stringContaining('without a sandbox');
      expect(toolReport).toMatchObject({ passed: true, notRun: [], warning });
    } finally {
      await stack.stop();
    }
  });
});
