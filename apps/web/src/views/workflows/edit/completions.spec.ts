import { expect, test } from 'vitest';
import { completionAt, pathAbove, statesIn } from './completions.js';

const text = `name: mine
definition:
  StartAt: First
  States:
    First:
      Type: Choice
      Choices:
        - Condition: '{% true %}'
          Next: Second
      Default: Second
    Second:
      Type: Succeed
`;
const after = (typed: string) => completionAt(`${text}${typed}`, text.length + typed.length);

test('at the margin the members of a document are offered', () => {
  expect(after('bud')).toMatchObject({ kind: 'key', from: text.length });
  expect(after('bud')?.words).toContain('budget');
});

test('below a state its members are offered', () => {
  expect(after('    Third:\n      ')?.words).toContain('Resource');
});

test('in a list its items know what they are items of', () => {
  expect(after('    Third:\n      Catch:\n        - ErrorEquals: [States.ALL]\n          ')?.words).toEqual([
    'ErrorEquals',
    'Next',
    'Assign',
    'Output',
  ]);
});

test('where a state follows, the states of the document are offered', () => {
  expect(after('    Third:\n      Next: S')).toMatchObject({ kind: 'value', words: ['First', 'Second', 'Third'] });
});

test('within a text of somebody nothing is offered', () => {
  expect(after('title: what is No')).toBeNull();
});

test('the path of a line is what it is indented below', () => {
  expect(pathAbove('a:\n  b:\n    - c: 1\n      d:\n', 8)).toEqual(['a', 'b', 'd']);
  expect(pathAbove('a:\n  b: 1\nc:\n', 2)).toEqual(['c']);
});

test('states of inner machines are known too', () => {
  expect(
    statesIn(
      'definition:\n  States:\n    A:\n      ItemProcessor:\n        States:\n          B:\n            End: true\n',
    ),
  ).toEqual(['A', 'B']);
});
