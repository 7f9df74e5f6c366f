import { expect, test } from 'vitest';
import { childWorkflowsOf } from './child-workflows.js';
import { documentWith } from './testing/document-with.js';

test('the workflows that a document asks for are found at any depth, with their places', () => {
  const child = (ref: string) => ({ Type: 'Task', Resource: `baton:workflow:${ref}`, End: true });
  const document = documentWith({
    First: { Type: 'Task', Resource: 'baton:workflow:one', Next: 'a/b' },
    'a/b': {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'In', States: { In: child('two@1.0.0') } },
        {
          StartAt: 'Each',
          States: {
            Each: { Type: 'Map', ItemProcessor: { StartAt: 'Item', States: { Item: child('one') } }, End: true },
          },
        },
      ],
      End: true,
    },
  });
  expect(childWorkflowsOf(document)).toEqual([
    { ref: 'one', pointer: '/definition/States/First/Resource' },
    { ref: 'two@1.0.0', pointer: '/definition/States/a~1b/Branches/0/States/In/Resource' },
    {
      ref: 'one',
      pointer: '/definition/States/a~1b/Branches/1/States/Each/ItemProcessor/States/Item/Resource',
    },
  ]);
});
