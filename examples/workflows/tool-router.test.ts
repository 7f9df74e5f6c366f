/**
 * Tests of a workflow in which a model chooses: what it chose stands here, and the workflow does the rest. No stack, no model.
 *
 *   node --test examples/workflows/tool-router.test.ts
 *   baton workflow test workflows/tool-router.yaml --input '{"question": "The average of 1, 2 and 6?"}' \
 *     --answers examples/workflows/answers/tool-router.yaml
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { testWorkflow } from '@baton/workflow-testing';
import { parse } from 'yaml';

const read = async (file: string): Promise<unknown> => parse(await readFile(new URL(file, import.meta.url), 'utf8'));
const toolRouter = await read('../../workflows/tool-router.yaml');

const wants = (...calls: readonly object[]) => ({
  output: { status: 'calls', answer: null, calls: [...calls], conversation: { entries: [] } },
});
const answers = (answer: string) => ({
  output: { status: 'answered', answer: { answer, isAnswered: true }, calls: [], conversation: null },
});

test('each call goes to whoever answers it, and its result to the model', async () => {
  const { status, output, states } = await testWorkflow(toolRouter, {
    input: { question: 'How long is it, and what is the sum?' },
    answers: {
      Ask: [
        wants({ id: 'a', tool: 'measure_text', input: { text: 'It rains. It pours!' } }),
        wants(
          { id: 'b', tool: 'calculate', input: { operation: 'sum', numbers: [1, 2.5] } },
          { id: 'c', tool: 'rewrite', input: { text: 'It rains.', style: 'loud' } },
        ),
        answers('Four words, and 3.5.'),
      ],
      Rewrite: [{ output: { text: 'IT RAINS.' } }],
    },
  });
  assert.equal(status, 'succeeded');
  assert.deepEqual(output, {
    answer: 'Four words, and 3.5.',
    isAnswered: true,
    calls: [
      {
        tool: 'measure_text',
        input: { text: 'It rains. It pours!' },
        output: { words: 4, characters: 19, sentences: 2 },
      },
      { tool: 'calculate', input: { operation: 'sum', numbers: [1, 2.5] }, output: { result: 3.5 } },
      { tool: 'rewrite', input: { text: 'It rains.', style: 'loud' }, output: 'IT RAINS.' },
    ],
    rounds: 2,
  });
  assert.deepEqual(
    states.filter(({ state }) => ['MeasureText', 'Calculate', 'Rewrite'].includes(state)).map(({ state }) => state),
    ['MeasureText', 'Calculate', 'Rewrite'],
  );
});

test('a tool that fails is told to the model, and fails nothing', async () => {
  const { status, output } = await testWorkflow(toolRouter, {
    input: { question: 'A report, please.', data: {} },
    answers: {
      Ask: [wants({ id: 'a', tool: 'report', input: { data: {} } }), answers('There is none.')],
      Report: { error: 'Baton.BudgetExhausted', cause: 'The budget is used up.' },
    },
  });
  assert.equal(status, 'succeeded');
  const [call] = (output as { readonly calls: readonly { readonly output: object }[] }).calls;
  assert.deepEqual(call?.output, { Error: 'Baton.BudgetExhausted', Cause: 'The budget is used up.' });
});

test('a model that never answers is stopped', async () => {
  const { error } = await testWorkflow(toolRouter, {
    input: { question: 'The sum of 1?', maxToolCalls: 2 },
    answers: { Ask: wants({ id: 'a', tool: 'calculate', input: { operation: 'sum', numbers: [1] } }) },
  });
  assert.equal(error, 'Router.NoAnswer');
});
