import { expect, test } from 'vitest';
import { problemOfVariable, variableFor } from './variable-names.js';

test.each([
  ['TrainModel', 'trainModel'],
  ['URLCheck', 'urlCheck'],
  ['check the text 2', 'checkTheText2'],
  ['Brief Öffnen', 'briefÖffnen'],
  ['検証', '検証'],
])('the variable of the step %s is $%s', (step, variable) => {
  expect(variableFor(step)).toBe(variable);
  expect(problemOfVariable(variable)).toBeNull();
});

test.each(['', '1st', 'a b', 'a-b', 'a'.repeat(62), 'states', 'input', 'sort'])(
  '%j is no variable of a chain',
  (name) => {
    expect(problemOfVariable(name)).toEqual(expect.any(String));
  },
);
