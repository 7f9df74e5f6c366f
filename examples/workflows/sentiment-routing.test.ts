/**
 * Tests of a workflow: its document runs in the engine itself, and the answers of its workers stand here. No stack, no model.
 *
 *   node --test examples/workflows/sentiment-routing.test.ts
 *   baton workflow test workflows/sentiment-routing.yaml --input '{"text": "It is broken."}' \
 *     --answers examples/workflows/answers/sentiment-routing.yaml
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { testWorkflow } from '@baton/workflow-testing';
import { parse } from 'yaml';

const read = async (file: string): Promise<unknown> =>
  parse(await readFile(new URL(`../../workflows/${file}`, import.meta.url), 'utf8'));
const sentimentRouting = await read('sentiment-routing.yaml');

test('a complaint is answered by support', async () => {
  const { status, output, states } = await testWorkflow(sentimentRouting, {
    input: { text: 'It is broken.' },
    answers: {
      ReadSentiment: [{ output: { sentiment: 'negative' } }],
      Support: [{ output: { answer: 'Sorry. Send it back, please.' } }],
    },
  });
  assert.equal(status, 'succeeded');
  assert.deepEqual(output, { sentiment: 'negative', action: 'support', answer: 'Sorry. Send it back, please.' });
  assert.deepEqual(
    states.map(({ state }) => state),
    ['ReadSentiment', 'BySentiment', 'Support', 'Done'],
  );
});

test('a model that is away is asked again, and a model that stays away fails the run', async () => {
  const away = { error: 'Baton.ModelUnavailable', cause: 'overloaded' };
  const neutral = { output: { sentiment: 'neutral' } };
  const input = { text: 'Hello.' };
  const once = await testWorkflow(sentimentRouting, { input, answers: { ReadSentiment: [away, neutral] } });
  assert.equal(once.status, 'succeeded');
  assert.equal(once.states[0]?.retries, 1);
  const always = await testWorkflow(sentimentRouting, { input, answers: { ReadSentiment: away } });
  assert.equal(always.error, 'Baton.ModelUnavailable');
});

test('one state is tried alone, with the variables that it finds', async () => {
  const { next } = await testWorkflow(sentimentRouting, { state: 'BySentiment', variables: { sentiment: 'positive' } });
  assert.equal(next, 'OfferMore');
});
