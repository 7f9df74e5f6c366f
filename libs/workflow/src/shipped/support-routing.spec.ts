import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import shipped from '../../../../workflows/support-routing.yaml?raw';
import { begin, ended } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';

async function asked(input: JsonObject = {}): Promise<Scenario> {
  const run = await begin(shipped, { question: 'Who was your founder?', humanQueue: 'front-desk', ...input });
  await run.succeed('Classify', { department: 'human' });
  return run;
}

/** What the person is shown. */
const askedOf = (run: Scenario) => run.eventsOf('TaskScheduled').at(-1)?.data.arguments;

test('asks a person what no department takes, and gives the comment as the answer', async () => {
  const run = await asked();
  expect(askedOf(run)).toMatchObject({
    title: 'A question for front-desk',
    question: 'Who was your founder?',
    reason: 'No department takes this question by itself.',
  });
  await run.answer('AskPerson', 'approve', 'Ada was.');
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: { department: 'human', answer: 'Ada was.', by: 'user:tester' },
  });
});

test('asks a person where the model will not classify, too', async () => {
  const run = await begin(shipped, { question: 'Who?' });
  await run.fail('Classify', 'Baton.ModelRefused', 'no', false);
  const reason = 'The model did not classify this question: no';
  expect(askedOf(run)).toMatchObject({
    title: 'A question for support-people',
    reason,
  });
});

test('asks again where a decision has no answer, three times at most', async () => {
  const run = await asked();
  await run.answer('AskPerson', 'approve', '  ');
  await run.answer('AskPerson', 'request-changes', 'Which product?');
  const reason = 'The last decision, request-changes, had no answer for the customer. Which product?';
  expect(askedOf(run)).toMatchObject({ reason });
  await run.answer('AskPerson', 'approve');
  expect(ended(run)).toMatchObject({ status: 'failed', error: 'Support.NeedsHuman' });
});

test('fails where the person declines, or does not answer in time', async () => {
  const declined = await asked();
  await declined.answer('AskPerson', 'reject', 'Spam.');
  const cause = 'A person decided that this question gets no answer. Spam.';
  expect(ended(declined)).toMatchObject({ status: 'failed', error: 'Support.Declined', cause });

  const late = await asked({ answerWithinSeconds: 60 });
  await late.expire('AskPerson');
  expect(ended(late)).toMatchObject({
    status: 'failed',
    error: 'Support.NeedsHuman',
    cause: 'Nobody answered within 60 seconds. The question is still one for the people of the queue front-desk.',
  });
});
