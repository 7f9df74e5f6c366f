import { expect, test } from 'vitest';
import { documentOf } from '../testing/recorded.js';
import { stateAt } from './state-at.js';

test('a state is found by its name, and not in what a task is given', () => {
  const document = documentOf({
    Ask: {
      ...{ Type: 'Task', Resource: 'baton:worker:prompt', Arguments: { States: { Hidden: { Type: 'Pass' } } } },
      Next: 'a/b~c',
    },
    'a/b~c': { Type: 'Succeed' },
  });
  expect(stateAt(document, 'a/b~c')?.pointer).toBe('/definition/States/a~1b~0c');
  expect(stateAt(document, 'Hidden')).toBeNull();
  expect(stateAt(document, 'constructor')).toBeNull();
});
