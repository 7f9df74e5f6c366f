import { randomFrom } from '@baton/asl';
import type { RunView } from '@baton/contracts';
import { ended, eventsOf, publish, Stack, submit, violations } from '@baton/test-stack';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type FaultyModel, startFaultyModel } from './testing/faulty-model.js';

/*
 * Many tasks whose model is slow, breaks off, refuses, answers nonsense, or is something else altogether: every run comes
 * to its end, with the right answer or with the reason; none has a result twice; and what is booked is what was charged.
 */

const TASKS = inject('effort') === 'long' ? 1_000 : 40;

const QUESTION = {
  name: 'one-question',
  version: '1.0.0',
  title: 'One question',
  input: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'baton:worker:prompt',
        Arguments: {
          prompt: '{% "Which number is in the name task-" & $string($states.input.number) & "?" %}',
          output: {
            type: 'object',
            required: ['answer'],
            properties: { answer: { type: 'integer' } },
            additionalProperties: false,
          },
        },
        Retry: [
          { ErrorEquals: ['Baton.ModelUnavailable'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 5 },
          { ErrorEquals: ['Baton.InvalidOutput'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 3 },
        ],
        End: true,
      },
    },
  },
};

let model: FaultyModel;
let stack: Stack;
beforeAll(async () => {
  model = await startFaultyModel(randomFrom('faults'));
  stack = await Stack.start({
    args: ['--only', 'gateway,orchestrator,prompt'],
    env: {
      ANTHROPIC_API_KEY: 'sk-test',
      ANTHROPIC_BASE_URL: model.url,
      BATON_MODEL: 'claude-sonnet-5-5',
      BATON_CONCURRENCY: '16',
    },
  });
  await publish(stack, QUESTION);
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

const Answer = z.object({ output: z.object({ answer: z.int() }) });

test(`${TASKS} tasks under every fault of a provider end as they should, and are booked as they were charged`, async () => {
  const numbers = Array.from({ length: TASKS }, (_, index) => index);
  const runs = await Promise.all(
    numbers.map(async (number) => ({
      number,
      runId: await submit(stack, { workflow: 'one-question', input: { number } }, `task-${number}`),
    })),
  );
  const failed: RunView[] = [];
  let booked = 0;
  const wrong: string[] = [];
  for (const { number, runId } of runs) {
    const run = await ended(stack, runId, 400_000);
    const { input = 0, output = 0, calls = 0 } = model.charged.get(number) ?? {};
    const { inputTokens, outputTokens } = run.usage;
    booked += inputTokens + outputTokens;
    if (inputTokens !== input || outputTokens !== output)
      wrong.push(`task ${number}: ${inputTokens}/${outputTokens} booked, ${input}/${output} charged in ${calls} calls`);
    for (const problem of violations(await eventsOf(stack, runId))) wrong.push(`task ${number}: ${problem}`);
    if (run.status !== 'succeeded') failed.push(run);
    else {
      const { output: given } = Answer.parse(await stack.api(`/v1/runs/${runId}/result`));
      if (given.answer !== number) wrong.push(`task ${number} was answered with ${given.answer}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(booked).toBeGreaterThan(TASKS * 200);
  // What no repetition can help is told as it is; what it can is rarely beyond all of them.
  const unexplained = failed.filter(({ error, cause }) => !/^Baton\./.test(error ?? '') || (cause ?? '').length < 20);
  expect(unexplained).toEqual([]);
  expect(failed.length).toBeLessThan(TASKS / 5);
  // All of the ways to fail were tried.
  expect(model.struck.size).toBeGreaterThan(inject('effort') === 'long' ? 14 : 8);
}, 600_000);
