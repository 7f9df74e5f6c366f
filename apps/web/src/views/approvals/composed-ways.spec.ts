import { expect, test } from 'vitest';
import { waysIn } from './composed-ways.js';

test('the ways of a choice are told in words, and what is no choice has none', () => {
  const States = {
    Ways: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $type($One.`words`) = "number" and $One.`words` > 5 %}', Next: 'Two' },
        { Condition: 3 },
      ],
      Default: 'Three',
    },
    Two: { Type: 'Task' },
  };
  expect(waysIn({ definition: { States } })).toEqual([
    { choice: 'Ways', when: 'if One.words > 5', to: 'Two' },
    { choice: 'Ways', when: 'otherwise', to: 'Three' },
  ]);
  expect(waysIn({ definition: { States: null } })).toEqual([]);
});
