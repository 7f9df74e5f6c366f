import { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import buildWebsite from '../../../workflows/build-website.yaml?raw';
import mlPipeline from '../../../workflows/ml-pipeline.yaml?raw';
import parallelResearch from '../../../workflows/parallel-research.yaml?raw';
import supportRouting from '../../../workflows/support-routing.yaml?raw';
import { parseWorkflowDocument } from './parse-workflow-document.js';
import { type Scenario, scenario } from './testing/scenario.js';

async function begin(text: string, input: JsonObject): Promise<Scenario> {
  const parsed = parseWorkflowDocument(parse(text));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const run = scenario(parsed.document, false);
  await run.start(input);
  return run;
}

/** What the model is shown of a state's task. */
const variablesOf = (run: Scenario, state: string): JsonObject =>
  z.object({ variables: JsonObject }).parse(run.commandOf(state).message.arguments).variables;
const ended = (run: Scenario) => {
  run.checkLog();
  return run.state();
};

test.each([buildWebsite, mlPipeline, parallelResearch, supportRouting])(
  'the shipped document has no findings',
  (text) => {
    expect(parseWorkflowDocument(parse(text))).toMatchObject({ ok: true, findings: [] });
  },
);

describe('build-website', () => {
  const specification = { title: 'A site', pages: [], criteria: [{ id: 'C1' }, { id: 'C2' }] };
  const files = [{ path: 'index.html', content: '<h1>A site</h1>' }];
  const issue = {
    id: 'R1.1',
    criterion: 'C1',
    severity: 'blocker',
    place: 'index.html',
    problem: 'No title.',
    fix: 'Add.',
  };
  const refused = { verdict: 'revise', summary: 'One issue.', issues: [issue] };
  const passed = { verdict: 'pass', summary: 'Fine.', issues: [{ ...issue, severity: 'minor' }] };

  async function reviewed(input: JsonObject, ...reviews: readonly JsonObject[]): Promise<Scenario> {
    const run = await begin(buildWebsite, { goal: 'A site.', ...input });
    await run.succeed('WriteSpecification', specification);
    for (const review of reviews) {
      await run.succeed('WriteCode', { files, notes: '' });
      await run.succeed('ReviewCode', review);
    }
    return run;
  }

  test('leads back to the coder with the files and the issues', async () => {
    const run = await reviewed({}, refused);
    expect(variablesOf(run, 'WriteCode')).toEqual({ specification, files, review: refused });
    // One of the two criteria holds.
    const decision = { target: 'WriteCode', round: 1, scores: { criteria: 5 } };
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject(decision);
  });

  test('ends with the site once the review passes', async () => {
    const run = await reviewed({}, refused, passed);
    expect(ended(run)).toMatchObject({ status: 'succeeded', output: { files, rounds: 2, review: passed } });
  });

  test('fails after three rounds, or as many as it is told, and says what is open', async () => {
    const thrice = await reviewed({}, refused, refused, refused);
    expect(ended(thrice)).toMatchObject({
      status: 'failed',
      error: 'Baton.NotConverged',
      cause: 'The site did not pass its review in 3 rounds. Still open: index.html: No title.',
    });
    const once = await reviewed({ maxRounds: 1 }, { verdict: 'revise', summary: 'I do not like it.', issues: [] });
    expect(ended(once)).toMatchObject({
      status: 'failed',
      cause: expect.stringMatching(/in 1 round\..*I do not like it/),
    });
  });

  test('does not take a verdict for good that names a blocker', async () => {
    const run = await reviewed({}, { ...refused, verdict: 'pass' });
    expect(run.commandOf('WriteCode')).toBeDefined();
  });
});

describe('parallel-research', () => {
  const sources = [{ title: 'One', text: 'Text.' }];
  async function split(input: JsonObject, ...questions: readonly string[]): Promise<Scenario> {
    const run = await begin(parallelResearch, { question: 'Why?', sources, ...input });
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
});

describe('ml-pipeline', () => {
  const labels = ['no', 'no', 'no', 'yes', null, 'no', 'no', 'no', 'yes', 'yes', 'no', 'no', 'no'];
  const rows = labels.map((late, weight): JsonObject => ({ weight, ...(late === null ? {} : { late }) }));
  const model = {
    rules: [
      { column: 'weight', operator: 'atLeast', value: 8, predicts: 'yes' },
      { column: 'colour', operator: 'is', value: 'red', predicts: 'yes' },
    ],
    otherwise: 'no',
    summary: '',
  };

  async function trained(input: JsonObject): Promise<Scenario> {
    const run = await begin(mlPipeline, { goal: 'Know it.', target: 'late', rows, ...input });
    await run.succeed('CollectData', { columns: [] });
    await run.succeed('EngineerFeatures', { features: [] });
    return run;
  }

  test('holds every fourth row with a target back from the training, and measures with those', async () => {
    const run = await trained({});
    const examples = z.array(z.object({ weight: z.number() })).parse(variablesOf(run, 'TrainModel').examples);
    expect(examples.map(({ weight }) => weight)).toEqual([0, 1, 2, 5, 6, 7, 9, 10, 11]);
    await run.succeed('TrainModel', model);
    // Held back: 3 (yes), 8 (yes), 12 (no); the model says no, yes, yes.
    expect(variablesOf(run, 'ValidateModel')).toMatchObject({
      measured: { checked: 3, right: 1, accuracy: 0.3333, baseline: 0.6667 },
    });
  });

  test('releases nothing below the accuracy that is asked for, whatever the validation says', async () => {
    const run = await trained({});
    await run.succeed('TrainModel', model);
    await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: 'Lovely.' });
    expect(ended(run)).toMatchObject({
      status: 'failed',
      error: 'Baton.NotPassed',
      cause:
        'The model is right for 1 of 3 rows held back, a share of 0.3333 where 0.7 is asked for and the most frequent value alone has 0.6667. Lovely.',
    });
  });

  test('releases nothing that the validation does not trust', async () => {
    const run = await trained({ minimumAccuracy: 0.3 });
    await run.succeed('TrainModel', model);
    await run.succeed('ValidateModel', { trustworthy: false, concerns: [], summary: 'Unfair.' });
    expect(ended(run)).toMatchObject({ status: 'failed', error: 'Baton.NotPassed' });
  });

  test('releases what is good enough', async () => {
    const run = await trained({ minimumAccuracy: 0.3 });
    await run.succeed('TrainModel', model);
    await run.succeed('ValidateModel', { trustworthy: true, concerns: [], summary: '' });
    await run.succeed('DeployModel', { card: 'It is a model.' });
    expect(ended(run)).toMatchObject({
      status: 'succeeded',
      output: { released: true, model, release: { card: 'It is a model.' } },
    });
  });
});

describe('support-routing', () => {
  async function asked(input: JsonObject = {}): Promise<Scenario> {
    const run = await begin(supportRouting, { question: 'Who was your founder?', humanQueue: 'front-desk', ...input });
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
    const run = await begin(supportRouting, { question: 'Who?' });
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
});
