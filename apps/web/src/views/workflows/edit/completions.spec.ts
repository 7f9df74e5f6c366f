import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { completionAt } from './completions.js';
import { vocabularyOf } from './vocabulary.js';

const published = resolve(import.meta.dirname, '../../../../../../schemas/workflow-document.json');
const { schema, known } = vocabularyOf(
  JSON.parse(readFileSync(published, 'utf8')),
  [
    {
      kind: 'measure',
      description: 'Measures a text.',
      input: { $ref: '#/$defs/in', $defs: { in: { properties: { unit: { enum: ['word', 'line'] } } } } },
    },
  ],
  [{ name: 'report', title: 'A report' }],
  [{ id: 'plan_first', agent: 'planner', title: 'Plan' }],
);

/** @param text with a bar where the cursor is */
function at(text: string): ReturnType<typeof completionAt> {
  const position = text.indexOf('|');
  return completionAt(text.slice(0, position) + text.slice(position + 1), position, schema, known);
}
const labels = (text: string): readonly string[] => at(text)?.choices.map(({ label }) => label) ?? [];
const choice = (text: string, label: string) => at(text)?.choices.find((each) => each.label === label);

const inState = (lines: string, language = 'JSONata'): string => `name: mine
definition:
  QueryLanguage: ${language}
  StartAt: First
  States:
    First:
${lines
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
    Second:
      Type: Succeed
`;

describe('names of members', () => {
  test('are those of a document at the margin, without those that it has', () => {
    const found = labels('name: mine\nbud|');
    expect(found).toContain('budget');
    expect(found).not.toContain('name');
    expect(choice('|', 'title')).toMatchObject({
      apply: 'title: ',
      detail: 'needed',
      info: expect.stringMatching(/line/),
    });
  });

  test('are those of the type of a state, in the language of its machine', () => {
    expect(labels(inState('|'))).toEqual(['Type']);
    const task = labels(inState('Type: Task\nR|'));
    expect(task).toEqual(expect.arrayContaining(['Resource', 'Retry', 'Arguments']));
    expect(task).not.toContain('Choices');
    expect(task).not.toContain('Parameters');
    expect(labels(inState('Type: Choice\nC|'))).toContain('Choices');
    expect(labels(inState('Type: Task\nP|', 'JSONPath'))).toContain('Parameters');
  });

  test('are known in lists, on the first line of an item and on those below it', () => {
    const begun = 'Type: Task\nResource: baton:approval\n';
    expect(labels(inState(`${begun}Retry:\n  - |`))).toContain('MaxAttempts');
    expect(labels(inState(`${begun}Retry:\n  - ErrorEquals: [States.ALL]\n    M|`))).toContain('MaxDelaySeconds');
    const caught = labels(inState(`${begun}Catch:\n  - ErrorEquals: [States.ALL]\n    |`));
    expect(caught).toContain('Next');
    expect(caught).not.toContain('MaxAttempts');
  });

  test('begin on the next line what has an inside', () => {
    expect(choice(inState('Type: Task\nR|'), 'Retry')?.apply).toBe('Retry:\n        - ');
    expect(choice('name: a\nd|', 'decisions')?.apply).toBe('decisions:\n  ');
    expect(choice('budget: { |', 'usd')?.apply).toBe('usd: ');
  });

  test('get no second colon', () => {
    expect(choice(inState('Ty|pe: Task'), 'Type')?.apply).toBe('Type');
  });

  test('are those of states where states are meant', () => {
    expect(labels(`${inState('Type: Pass\nEnd: true')}steps:\n  |`)).toEqual(['First', 'Second']);
  });

  test('are those of what a worker says that it takes, and of an approval', () => {
    expect(labels(inState('Type: Task\nResource: baton:worker:measure\nArguments:\n  |'))).toEqual(['unit']);
    expect(labels(inState('Type: Task\nResource: baton:worker:measure\nArguments: { unit: | }'))).toEqual([
      'word',
      'line',
    ]);
    expect(labels(inState('Type: Task\nResource: baton:approval\nArguments:\n  policy:\n    |'))).toContain('count');
  });

  test('are those of a schema within the input', () => {
    expect(labels('input:\n  type: object\n  properties:\n    text:\n      de|')).toContain('description');
    expect(labels('input:\n  type: object\n  properties:\n    text: { type: | }')).toContain('integer');
  });
});

test('in JSON the same is offered, within the quotes', () => {
  expect(choice('{ "definition": { "Sta|" } }', 'StartAt')?.apply).toBe('StartAt');
  const begun =
    '{\n  "definition": {\n    "QueryLanguage": "JSONata",\n    "States": {\n      "A": {\n        "Type": "Task",\n';
  expect(labels(`${begun}        "Re|"\n      }\n    }\n  }\n}`)).toContain('Resource');
  expect(labels(`${begun}        "Resource": "baton:|",\n        "End": true } } } }`)).toContain('baton:approval');
});

describe('values', () => {
  test('are the types of states, each with what it is for', () => {
    expect(choice(inState('Type: |'), 'Map')).toMatchObject({
      kind: 'value',
      info: expect.stringMatching(/each item/),
    });
  });

  test('are states of the machine that it stands in, and of no other', () => {
    const map =
      'Type: Map\nItems: []\nItemProcessor:\n  StartAt: |\n  States:\n    Inner:\n      Type: Pass\n      Next: !\n';
    expect(labels(inState(map.replace('!', 'Inner')))).toEqual(['Inner']);
    expect(labels(inState(map.replace('|', 'Inner').replace('!', '|')))).toEqual(['Inner']);
    expect(labels(inState('Type: Pass\nNext: S|'))).toEqual(['First', 'Second']);
    expect(choice(inState('Type: Pass\nNext: S|'), 'Second')?.detail).toBe('Succeed');
    expect(labels('definition:\n  StartAt: |\n  States:\n    A: {}')).toEqual(['A']);
  });

  test('are resources, with the workers and workflows that there are', () => {
    const found = labels(inState('Type: Task\nResource: baton:w|'));
    expect(found).toEqual(expect.arrayContaining(['baton:approval', 'baton:worker:measure', 'baton:workflow:report']));
    expect(choice(inState("Type: Task\nResource: 'baton:w|'"), 'baton:worker:measure')?.info).toBe('Measures a text.');
  });

  test('are choices of a list, in either way to write it', () => {
    expect(labels('decisions:\n  recovery:\n    strategies: [same, |]')).toContain('escalate_model');
    expect(labels('decisions:\n  recovery:\n    strategies:\n      - |')).toContain('escalate_model');
  });

  test('are templates, phases, modes, and true or false', () => {
    expect(labels('steps:\n  A:\n    template: |')).toEqual(['plan_first']);
    expect(labels('phases: [{ name: plan, states: [A] }]\ndecisions:\n  at:\n    - phase: |')).toEqual(['plan']);
    expect(labels('decisions: { mode: | }')).toContain('shadow');
    expect(labels(inState('Type: Pass\nEnd: |'))).toEqual(['true', 'false']);
    expect(labels('questions: |')).toContain('none');
  });
});

test('begin where the word that is typed begins', () => {
  expect(at('name: mine\nbud|')?.from).toBe('name: mine\n'.length);
  expect(at(inState("Type: Task\nResource: 'baton:w|'"))?.from).toBe(
    inState("Type: Task\nResource: '").indexOf("'") + 1,
  );
});

test.each([
  ['a text of several words', 'title: what is No|'],
  ['a comment', '# na|'],
  ['an expression', inState("Type: Pass\nOutput: '{% $st| %}'")],
  ['a text over several lines', 'description: |\n  na'.replace('|\n', '>\n').concat('|')],
])('within %s nothing is offered', (_, text) => {
  expect(at(text)).toBeNull();
});

test.each([
  '|',
  '\t|',
  '- - |',
  '{ |',
  '[|',
  'a: &x [*x]\nb|',
  '%|',
  ': |',
  'a: b: |',
  "a: '|",
  '? |',
  '--- |',
  'a:\n  b: [\nc|',
])('any text can be typed in: %j', (text) => {
  expect(() => at(text)).not.toThrow();
});
