import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { testWorkflow, WorkflowNotValid } from './index.js';

const documentOf = (States: JsonObject, over: JsonObject = {}): JsonObject => ({
  name: 'under-test',
  version: '1.0.0',
  title: 'Under test',
  definition: { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0] ?? '', States },
  ...over,
});
const task = (over: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: 'baton:worker:prompt',
  ...(over.Next === undefined ? { End: true } : {}),
  ...over,
});

const letter = documentOf({
  Draft: task({
    Arguments: { about: '{% $states.input.about %}' },
    Assign: { draft: '{% $states.result.text %}' },
    Retry: [{ ErrorEquals: ['Weather'], MaxAttempts: 2 }],
    Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'GiveUp' }],
    TimeoutSeconds: 60,
    Next: 'Pause',
  }),
  Pause: { Type: 'Wait', Seconds: 86_400, Next: 'Ask' },
  Ask: task({ Resource: 'baton:approval', Arguments: { title: '{% $draft %}' }, Next: 'Send' }),
  Send: task({ Resource: 'baton:workflow:post', Arguments: { text: '{% $draft %}' }, Next: 'Read' }),
  Read: task({ Resource: 'baton:signal:read', Next: 'Done' }),
  Done: { Type: 'Succeed', Output: '{% $states.input.at %}' },
  GiveUp: { Type: 'Fail', Error: '{% $states.input %}', Cause: 'no draft' },
});
const input = { about: 'tea' };
const answers = {
  Draft: [{ error: 'Weather', cause: 'rain' }, { output: { text: 'Dear all' } }],
  Ask: { decision: 'approve', comment: 'fine', by: 'ada' },
  Send: [{ output: { sent: true } }],
  Read: [{ output: { at: 'noon' } }],
} as const;

describe('a workflow', () => {
  test('runs to its end with the answers of the script, and waits take no time', async () => {
    const result = await testWorkflow(letter, { input, answers });
    expect(result).toMatchObject({ status: 'succeeded', output: 'noon', error: null, unused: [], waitingFor: [] });
    expect(result.states.map(({ state, status, next, retries }) => [state, status, next, retries])).toEqual([
      ['Draft', 'succeeded', 'Pause', 1],
      ['Pause', 'succeeded', 'Ask', 0],
      ['Ask', 'succeeded', 'Send', 0],
      ['Send', 'succeeded', 'Read', 0],
      ['Read', 'succeeded', 'Done', 0],
      ['Done', 'succeeded', null, 0],
    ]);
    expect(result.states[0]).toMatchObject({
      input: { about: 'tea' },
      arguments: { about: 'tea' },
      output: { text: 'Dear all' },
      assigned: { draft: 'Dear all' },
    });
    expect(result.states[2]?.output).toMatchObject({ decision: 'approve', comment: 'fine', by: 'user:ada' });
    expect(await testWorkflow(letter, { input, answers })).toEqual(result);
  });

  test('fails as its definition says when its tasks do', async () => {
    const Draft = [{ timeout: true as const }];
    expect(await testWorkflow(letter, { input, answers: { Draft } })).toMatchObject({
      status: 'failed',
      error: 'States.Timeout',
      states: [
        { state: 'Draft', status: 'caught', next: 'GiveUp' },
        { state: 'GiveUp', status: 'failed' },
      ],
    });
    const slow = [{ output: {}, afterSeconds: 61 }];
    expect(await testWorkflow(letter, { input, answers: { Draft: slow } })).toMatchObject({ error: 'States.Timeout' });
    const often = { error: 'Weather', cause: 'rain' };
    const { states } = await testWorkflow(letter, { input, answers: { Draft: often } });
    expect(states[0]).toMatchObject({ status: 'caught', retries: 2, error: 'Weather', cause: 'rain' });
    const rejected = await testWorkflow(letter, {
      input,
      answers: { ...answers, Ask: { decision: 'reject', comment: 'no' } },
    });
    expect(rejected).toMatchObject({
      error: 'Baton.Rejected',
      cause: 'no',
      unused: [{ state: 'Send' }, { state: 'Read' }],
    });
  });

  test('says what it waits for where the script has no answer', async () => {
    expect(await testWorkflow(letter, { input })).toMatchObject({ status: 'waiting', waitingFor: ['Draft'] });
    const { Ask: _ask, ...others } = answers;
    expect(await testWorkflow(letter, { input, answers: others })).toMatchObject({ waitingFor: ['Ask'], output: null });
  });

  test('gives each item its answer, in order, and tolerates what its Map tolerates', async () => {
    const inner = { StartAt: 'Work', States: { Work: task() } };
    const Each = { Type: 'Map', Items: [1, 2, 3], ItemProcessor: inner, ToleratedFailureCount: 1, End: true };
    const Work = [{ output: 'a' }, { error: 'Bad' }, { output: 'c' }];
    const result = await testWorkflow(documentOf({ Each }), { answers: { Work } });
    expect(result).toMatchObject({ status: 'succeeded', output: ['a', 'c'] });
    expect(result.states.map(({ state, status }) => `${state} ${status}`)).toEqual([
      'Each succeeded',
      'Work succeeded',
      'Work failed',
      'Work succeeded',
    ]);
  });

  test('needs as many people as its policy says, and none that it does not know', async () => {
    const policy = { approvers: ['user:ada', 'user:bob', 'user:eve'], count: 2 };
    const Ask = task({ Resource: 'baton:approval', Arguments: { title: 'Go?', policy } });
    const say = (by: string) => ({ decision: 'approve' as const, by });
    const both = await testWorkflow(documentOf({ Ask }), { answers: { Ask: [say('ada'), say('bob')] } });
    expect(both.status).toBe('succeeded');
    await expect(testWorkflow(documentOf({ Ask }), { answers: { Ask: [say('mallory')] } })).rejects.toMatchObject({
      code: 'answer-does-not-fit',
    });
  });
});

describe('one state', () => {
  test('is tried alone: its input, variables and answers in, its output and what follows out', async () => {
    const result = await testWorkflow(letter, {
      state: 'Send',
      input: { any: 1 },
      variables: { draft: 'Hello', größe: [1, { a: '{% x %}' }] },
      answers: { Send: [{ output: { sent: true } }] },
    });
    expect(result).toMatchObject({ status: 'succeeded', output: { sent: true }, next: 'Read', waitingFor: [] });
    expect(result.states).toMatchObject([{ state: 'Send', input: { any: 1 }, arguments: { text: 'Hello' } }]);
  });

  test('is caught, or fails, as it would in the run', async () => {
    const caught = await testWorkflow(letter, { state: 'Draft', input, answers: { Draft: [{ error: 'Other' }] } });
    expect(caught).toMatchObject({ status: 'succeeded', output: 'Other', next: 'GiveUp', error: 'Other' });
    const failed = await testWorkflow(letter, { state: 'Ask', answers: {} });
    expect(failed).toMatchObject({ status: 'failed', error: 'States.QueryEvaluationError', next: null });
  });

  test('may stand inside a Map, or be one, and may lead to itself', async () => {
    const Work = task({ Arguments: '{% $states.input * 2 %}', Output: '{% $states.result + 1 %}' });
    const inner = { StartAt: 'Work', States: { Work } };
    const document = documentOf({
      Each: { Type: 'Map', ItemProcessor: inner, Next: 'More' },
      More: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $count($states.input) < 9 %}', Next: 'More' }],
        Default: 'End',
      },
      End: { Type: 'Succeed' },
    });
    const one = await testWorkflow(document, { state: 'Work', input: 4, answers: { Work: { output: 8 } } });
    expect(one).toMatchObject({ output: 9, next: null, states: [{ arguments: 8 }] });
    const each = await testWorkflow(document, { state: 'Each', input: [1, 2], answers: { Work: { output: 8 } } });
    expect(each).toMatchObject({ output: [9, 9], next: 'More', states: [{}, {}, {}] });
    const more = await testWorkflow(document, { state: 'More', input: [] });
    expect(more).toMatchObject({ status: 'succeeded', next: 'More', states: [{ state: 'More' }] });
  });

  test('is in its own query language', async () => {
    const States = { A: { Type: 'Pass', Parameters: { 'x.$': '$.n', 'v.$': '$v' }, ResultPath: '$.got', End: true } };
    const document = documentOf(States, { definition: { StartAt: 'A', States } });
    expect(await testWorkflow(document, { state: 'A', input: { n: 5 }, variables: { v: 6 } })).toMatchObject({
      output: { n: 5, got: { x: 5, v: 6 } },
    });
  });
});

describe('a test that is wrong itself says so', () => {
  test('for a document that cannot run', async () => {
    const wrong = testWorkflow(documentOf({ A: task({ Next: 'Nowhere' }) }));
    await expect(wrong).rejects.toThrow(WorkflowNotValid);
    await expect(wrong).rejects.toThrow('/definition/States/A/Next there is no state Nowhere');
  });

  const any = (value: unknown) => JSON.parse(JSON.stringify(value));
  test.each<[string, object, string]>([
    ['a state that there is not', { state: 'Drafft' }, 'unknown-state'],
    ['an answer for one', { answers: { Drafft: [] } }, 'unknown-state'],
    ['an answer that is none', { answers: { Draft: [{ result: 1 }] } }, 'answers-unreadable'],
    ['a decision for a worker', { answers: { Draft: [{ decision: 'approve' }] } }, 'answer-does-not-fit'],
    [
      'an output for an approval',
      { state: 'Ask', variables: { draft: '' }, answers: { Ask: [{ output: 1 }] } },
      'answer-does-not-fit',
    ],
    ['an error for a signal', { state: 'Read', answers: { Read: [{ error: 'X' }] } }, 'answer-does-not-fit'],
    [
      'a timeout where there is none',
      { state: 'Send', variables: { draft: '' }, answers: { Send: [{ timeout: true }] } },
      'answer-does-not-fit',
    ],
    ['a context for a whole run', { context: { Map: {} } }, 'context-without-state'],
    ['variables for a whole run', { variables: { a: 1 } }, 'variables-without-state'],
    ['a start that is no time', { startedAt: 'today' }, 'time-unreadable'],
  ])('for %s', async (_what, options, code) => {
    await expect(testWorkflow(letter, { input, ...any(options) })).rejects.toMatchObject({
      code,
      next: expect.stringMatching(/.{10}/),
    });
  });

  test('for a loop that one answer keeps going for ever', async () => {
    const loop = documentOf({
      Work: task({ Next: 'Again' }),
      Again: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.done %}', Next: 'Done' }], Default: 'Work' },
      Done: { Type: 'Succeed' },
    });
    const endless = testWorkflow(loop, { answers: { Work: { output: { done: false } } } });
    await expect(endless).rejects.toMatchObject({ code: 'test-does-not-end' });
  });
});

test('a state of a Map is tried with its item, in both languages, and a Map inside it has its own', async () => {
  const context = { Map: { Item: { Index: 7, Value: 'g' } }, Execution: { Input: { a: 1 } } };
  const read = '{% [$states.context.Map.Item.Value, $states.context.Execution.Input.a, $states.context.State.Name] %}';
  const inner = { StartAt: 'One', States: { One: { Type: 'Pass', Output: read, End: true } } };
  const document = documentOf({
    Each: { Type: 'Map', Items: ['x'], ItemProcessor: inner, End: true },
  });
  expect(await testWorkflow(document, { state: 'One', context })).toMatchObject({ output: ['g', 1, 'One'] });
  expect(await testWorkflow(document, { state: 'Each', context })).toMatchObject({ output: [['x', 1, 'One']] });
  const paths = {
    StartAt: 'Each',
    States: {
      Each: {
        ...{ Type: 'Map', ItemsPath: '$.list', End: true },
        ItemProcessor: {
          StartAt: 'One',
          States: {
            One: { Type: 'Pass', Parameters: { 'i.$': '$$.Map.Item.Index', 'id.$': '$$.Execution.Name' }, End: true },
          },
        },
      },
    },
  };
  expect(await testWorkflow(documentOf({}, { definition: paths }), { state: 'One', context })).toMatchObject({
    output: { i: 7, id: expect.stringMatching(/./) },
  });
});
