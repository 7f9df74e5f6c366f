import type { JsonObject } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { parseWorkflowDocument } from '@baton/workflow';
import { type Scenario, scenario } from '@baton/workflow/testing/runs';
import { describe, expect, test } from 'vitest';
import { pipeline } from './pipeline.js';
import type { PipelineStep } from './pipeline-step.js';

const facts = { name: 'letter', version: '1.0.0', title: 'A letter' };
const draft = { name: 'DraftLetter', worker: 'prompt' } as const;
const review = { name: 'Review', worker: 'prompt' } as const;

async function started(document: WorkflowDocument, input: JsonObject = {}): Promise<Scenario> {
  const run = scenario(document, false);
  await run.start(input);
  return run;
}
const argumentsOf = (run: Scenario, state: string) => run.commandOf(state).message.arguments;
const ended = (run: Scenario) => {
  run.checkLog();
  return run.state();
};

describe('a chain of steps', () => {
  const document = pipeline(
    { ...facts, input: { properties: { tone: { type: 'string', default: 'kind {% $x %} "so"' }, about: {} } } },
    [
      { ...draft, title: 'Draft', arguments: { about: '{% $input.about %}', tone: '{% $input.tone %}' } },
      {
        name: 'Polish',
        worker: 'own',
        template: 'polish',
        arguments: { text: '{% $draftLetter.text %}' },
        maxRetries: 2,
      },
    ],
  );

  test('is a workflow document like any other', () => {
    const read = parseWorkflowDocument(JSON.parse(JSON.stringify(document)));
    expect(read).toEqual({ ok: true, document, findings: [] });
    expect(document.steps).toEqual({
      DraftLetter: { number: 1, title: 'Draft' },
      Polish: { number: 2, title: 'Polish', template: 'polish' },
    });
  });

  test('hands the input, its defaults and earlier results to later steps, and gives the last result', async () => {
    const run = await started(document, { about: 'rain' });
    expect(argumentsOf(run, 'DraftLetter')).toEqual({ about: 'rain', tone: 'kind {% $x %} "so"' });
    await run.succeed('DraftLetter', { text: 'It rains.' });
    expect(argumentsOf(run, 'Polish')).toEqual({ text: 'It rains.', template: 'polish' });
    await run.succeed('Polish', { text: 'Rain falls.' });
    expect(ended(run)).toMatchObject({ status: 'succeeded', output: { text: 'Rain falls.' } });
  });

  test('tries a step as often again as it says, and then ends with its error', async () => {
    const run = await started(document, { about: 'rain' });
    await run.fail('DraftLetter', 'Broken', 'no paper', false);
    expect(ended(run)).toMatchObject({ status: 'failed', error: 'Broken', cause: 'no paper' });

    const other = await started(document, { about: 'rain' });
    await other.succeed('DraftLetter', { text: 'It rains.' });
    for (let failures = 0; failures < 3; failures += 1) await other.fail('Polish', 'Broken');
    expect(other.eventsOf('StateRetried')).toHaveLength(2);
    expect(ended(other)).toMatchObject({ status: 'failed', error: 'Broken' });
  });

  test('holds what a step says of its answer, its time and its retries', () => {
    const [step] = [
      { ...draft, output: { type: 'object' }, timeoutSeconds: '{% $input.limit %}', heartbeatSeconds: 5 },
    ] as const;
    const own = { Retry: [{ ErrorEquals: ['Rain'], MaxAttempts: 1 }] };
    const states = pipeline({ ...facts, timeoutSeconds: 60, retry: [{ ErrorEquals: ['Rain'], MaxAttempts: 1 }] }, [
      step,
      { ...review, retry: [] },
    ]).definition.States;
    expect(states).toMatchObject({
      DraftLetter: {
        Arguments: { output: { type: 'object' } },
        TimeoutSeconds: '{% $input.limit %}',
        HeartbeatSeconds: 5,
        ...own,
      },
      Review: { TimeoutSeconds: 60 },
    });
    expect(states).not.toHaveProperty('Review.Retry');
  });

  test('keeps what it is told of a result, sets more variables, and gives the output it is told', async () => {
    const run = await started(
      pipeline({ ...facts, output: { text: '{% $text %}', long: '{% $long %}' } }, [
        {
          ...draft,
          as: 'text',
          keep: '{% $states.result.text %}',
          assign: { long: '{% $states.result.length > 3 %}' },
        },
      ]),
    );
    await run.succeed('DraftLetter', { text: 'Rain.', length: 5 });
    expect(ended(run)).toMatchObject({ output: { text: 'Rain.', long: true } });
  });
});

describe('a way on', () => {
  const loop = pipeline({ ...facts, input: { properties: { rounds: { default: 2 } } } }, [
    { ...draft, maxRetries: 0, arguments: { last: '{% $review %}', failure: '{% $failure %}' } },
    {
      ...review,
      maxRetries: 0,
      passes: '{% $review.approved %}',
      onFailure: 'DraftLetter',
      maxReturns: '{% $input.rounds - 1 %}',
    },
  ]);

  test('leads back where a result does not pass, with what was wrong', async () => {
    const run = await started(loop);
    expect(argumentsOf(run, 'DraftLetter')).toEqual({ last: null, failure: null });
    await run.succeed('DraftLetter', {});
    await run.succeed('Review', { approved: false, why: 'too short' });
    const failure = { Error: 'Baton.NotPassed', Cause: expect.stringContaining('Review was not good enough') };
    expect(argumentsOf(run, 'DraftLetter')).toEqual({ last: { approved: false, why: 'too short' }, failure });
    await run.succeed('DraftLetter', {});
    await run.succeed('Review', { approved: true });
    expect(ended(run)).toMatchObject({ status: 'succeeded', output: { approved: true } });
  });

  test('leads back as often as it may, and then ends the run with the last failure', async () => {
    const run = await started(loop);
    await run.succeed('DraftLetter', {});
    await run.fail('Review', 'Asleep', 'zzz');
    await run.succeed('DraftLetter', {});
    await run.succeed('Review', { approved: false });
    const cause = expect.stringContaining('$review.approved did not hold');
    expect(ended(run)).toMatchObject({ status: 'failed', error: 'Baton.NotPassed', cause });
  });

  test('says why a result does not pass', async () => {
    const why = '{% "Too short: " & $review.length & "." %}';
    const run = await started(pipeline(facts, [{ ...review, passes: '{% $review.length > 9 %}', whyNot: why }]));
    await run.succeed('Review', { length: 3 });
    expect(ended(run)).toMatchObject({ status: 'failed', error: 'Baton.NotPassed', cause: 'Too short: 3.' });
  });

  test('leads on to a later step, or past it', async () => {
    const chain = pipeline(facts, [
      { ...draft, maxRetries: 0, onSuccess: 'succeed', onFailure: 'Review' },
      { ...review, arguments: { failure: '{% $failure %}' } },
    ]);
    const good = await started(chain);
    await good.succeed('DraftLetter', 'fine');
    expect(ended(good)).toMatchObject({ status: 'succeeded', output: null });

    const bad = await started(chain);
    await bad.fail('DraftLetter', 'Broken', '');
    expect(argumentsOf(bad, 'Review')).toEqual({ failure: { Error: 'Broken', Cause: '' } });
  });

  test('is a name that the compiler knows', () => {
    // @ts-expect-error there is no step Reviews
    expect(() => pipeline(facts, [{ ...draft, onFailure: 'Reviews' }, review])).toThrow('Reviews, which is no step');
  });
});

const A: PipelineStep = { name: 'A', worker: 'prompt' };
const B: PipelineStep = { name: 'B', worker: 'prompt' };

test.each<[string, readonly PipelineStep[], string]>([
  ['no steps', [], 'It has no steps.'],
  ['a step without a name', [{ ...A, name: '' }], 'place 1 has no name'],
  ['two steps of one name', [A, B, A], 'Two steps are called A.'],
  ['a failure that leads nowhere', [{ ...A, onFailure: 'C' }], 'onFailure of A is C, which is no step'],
  ['a success that leads nowhere', [{ ...A, onSuccess: 'C' }], 'onSuccess of A is C, which is no step'],
  ['a success that leads back', [A, { ...B, onSuccess: 'A' }], 'onSuccess of B leads back to A'],
  ['a step that nothing leads to', [{ ...A, onSuccess: 'succeed' }, B], 'No step leads to B'],
  ['returns that are never made', [{ ...A, maxReturns: 1 }], 'does not lead back'],
  ['a reason for what is not asked', [{ ...A, whyNot: 'x' }], 'nothing says what passes'],
  ['half a retry', [{ ...A, maxRetries: 0.5 }], 'maxRetries of A is 0.5'],
  ['two ways to retry', [{ ...A, maxRetries: 1, retry: [] }], 'both retry and maxRetries'],
  ['a name the chain needs', [{ ...A, name: 'Begin' }], 'as a state that the chain needs'],
  ['a name that another step needs', [A, { ...B, name: 'AFailed' }], 'as a state that the chain needs'],
  ['a name that gives no variable', [{ ...A, name: '1' }], '1 cannot keep anything as $1: a variable has letters'],
  ['a variable of the chain', [{ ...A, as: 'input' }], '$input: the chain has a variable of that name itself'],
  ['a result that hides a function', [{ ...A, name: 'Count' }], '$count: it would hide the function $count'],
  ['a variable that hides a function', [{ ...A, assign: { merge: 1 } }], '$merge: it would hide the function $merge'],
  [
    'a variable that counts',
    [
      { ...A, onFailure: 'A' },
      { ...B, as: 'aReturns' },
    ],
    '$aReturns of B counts returns',
  ],
  ['a result that is set twice', [{ ...A, assign: { a: 1 } }], 'A sets $a, which is its result, in assign as well'],
  ['two results in one variable', [A, { ...B, name: 'a' }], 'A and a would both keep their result as $a'],
  ['a worker that is none', [{ ...A, worker: 'No Kind' }], 'at /definition/States/A/Resource'],
  ['an expression that is none', [{ ...A, arguments: { x: '{% 1 + %}' } }], 'at /definition/States/A/Arguments/x'],
])('%s is refused with a sentence', (_what, steps, sentence) => {
  expect(() => pipeline(facts, steps)).toThrow(
    expect.objectContaining({
      code: 'bad-pipeline',
      message: expect.stringContaining(sentence),
      next: expect.any(String),
    }),
  );
});
