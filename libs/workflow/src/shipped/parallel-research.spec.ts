import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import shipped from '../../../../workflows/parallel-research.yaml?raw';
import { begin, ended, variablesOf } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';

const sources = [{ title: 'One', text: 'Text.' }];
async function split(input: JsonObject, ...questions: readonly string[]): Promise<Scenario> {
  const run = await begin(shipped, { question: 'Why?', sources, ...input });
  await run.succeed('SplitQuestion', { questions: [...questions] });
  return run;
}
const answer = (text: string): JsonObject => ({ question: 'mine', answer: text, evidence: [], confidence: 'high' });
const failForGood = (run: Scenario) => run.fail('AnswerQuestion', 'Baton.ModelRefused', 'no', false);

test('asks as many researchers at once as it may, each for one part', async () => {
  const run = await split({ maxConcurrency: 2 }, 'a?', 'b?', 'c?');
  expect(run.open()).toHaveLength(2);
  expect(variablesOf(run, 'AnswerQuestion')).toEqual({ question: 'a?', context: 'Why?', sources });
  await run.succeed('AnswerQuestion', answer('A'));
  expect(run.open()).toHaveLength(2);
});

test('bounds the parts, and asks none twice', async () => {
  const run = await split({ maxQuestions: 2, maxConcurrency: 9 }, 'a?', 'a?', 'b?', 'c?');
  expect(run.open()).toHaveLength(2);
  const alone = await split({}, 'a?');
  expect(alone.open()).toHaveLength(1);
});

test('goes on without a part that failed, and names it', async () => {
  const run = await split({}, 'a?', 'b?', 'c?');
  await failForGood(run);
  await run.succeed('AnswerQuestion', answer('B'));
  await run.succeed('AnswerQuestion', answer('C'));
  const findings = [
    { ...answer('B'), question: 'b?' },
    { ...answer('C'), question: 'c?' },
  ];
  expect(variablesOf(run, 'Synthesize')).toEqual({ question: 'Why?', findings, unanswered: ['a?'] });
  await run.succeed('Synthesize', { answer: 'So.', keyFindings: [], gaps: ['a?'] });
  expect(ended(run)).toMatchObject({ status: 'succeeded', output: { answer: 'So.', findings, unanswered: ['a?'] } });
});

test('names no gap where every part was answered', async () => {
  const run = await split({}, 'a?');
  await run.succeed('AnswerQuestion', answer('A'));
  expect(variablesOf(run, 'Synthesize')).toMatchObject({ unanswered: [] });
});

test('fails where more parts fail than are tolerated, or none is left', async () => {
  const run = await split({}, 'a?', 'b?', 'c?');
  await failForGood(run);
  await failForGood(run);
  expect(ended(run)).toMatchObject({
    status: 'failed',
    error: 'Research.TooManyFailures',
    cause: expect.stringContaining('More than 1 of 3 parts could not be answered.'),
  });
  const alone = await split({}, 'a?');
  await failForGood(alone);
  expect(ended(alone)).toMatchObject({ status: 'failed', error: 'Research.NothingFound' });
});
