import { expect, test } from 'vitest';
import { composedSteps } from './composed-steps.js';

const task = (Resource: string, Next: string) => ({ Type: 'Task', Resource, Next });

test('the tasks of a composed workflow are told with how they come to be done', () => {
  const States = {
    Prepare: { Type: 'Pass', Next: 'Sides' },
    Sides: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'A', States: { A: task('baton:worker:a', 'End') } },
        {
          StartAt: 'B',
          States: { B: { Type: 'Map', ItemProcessor: { States: { EachB: task('baton:worker:b', 'End') } } } },
        },
      ],
      Next: 'Ways',
    },
    Ways: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $type($A.`words`) = "number" and $A.`words` > 5 %}', Next: 'C' }],
      Default: 'D',
    },
    C: task('baton:worker:c', 'Then'),
    Then: task('baton:worker:e', 'F'),
    D: task('baton:worker:d', 'F'),
    F: task('baton:worker:f', 'Done'),
    Done: { Type: 'Succeed' },
  };
  expect(composedSteps({ definition: { States } }).map(({ name, how }) => [name, how])).toEqual([
    ['A', 'side 1 of 2'],
    ['B', 'side 2 of 2, for each'],
    ['C', 'if A.words > 5'],
    ['Then', 'if A.words > 5'],
    ['D', 'otherwise'],
    ['F', ''],
  ]);
});
