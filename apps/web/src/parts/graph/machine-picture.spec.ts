import { expect, test } from 'vitest';
import { placedOf } from './layout.js';
import { nodesIn, pictureOf } from './machine-picture.js';

const document = {
  definition: {
    StartAt: 'Plan',
    States: {
      Plan: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Good', Catch: [{ Next: 'Bad' }] },
      Good: { Type: 'Choice', Choices: [{ Next: 'Each' }, { Next: 'Plan' }], Default: 'Plan' },
      Each: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'One', States: { One: { Type: 'Task', Resource: 'baton:approval', End: true } } },
        Next: 'Both',
      },
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Left', States: { Left: { Type: 'Pass', End: true } } },
          { StartAt: 'Right', States: { Right: { Type: 'Pass', End: true } } },
        ],
        End: true,
      },
      Bad: { Type: 'Fail' },
    },
  },
};

test('states are nodes with who does them, and each way between two of them is drawn once', () => {
  const picture = pictureOf(document);
  expect(picture.nodes.map(({ name, worker, isStart }) => [name, worker, isStart])).toEqual([
    ['Plan', 'planner', true],
    ['Good', null, false],
    ['Each', null, false],
    ['Both', null, false],
    ['Bad', null, false],
  ]);
  expect(picture.edges).toEqual([
    { from: '/Plan', to: '/Good', kind: 'next' },
    { from: '/Plan', to: '/Bad', kind: 'catch' },
    { from: '/Good', to: '/Each', kind: 'choice' },
    { from: '/Good', to: '/Plan', kind: 'choice' },
    { from: '/Each', to: '/Both', kind: 'next' },
  ]);
});

test('what is within a Map or a Parallel is listed one level below it', () => {
  expect(nodesIn(pictureOf(document)).map(({ node, level }) => `${level} ${node.name}`)).toEqual([
    '0 Plan',
    '0 Good',
    '0 Each',
    '1 One',
    '0 Both',
    '1 Left',
    '1 Right',
    '0 Bad',
  ]);
});

test.each([null, 7, {}, { definition: { States: [] } }, { definition: { States: { A: null } } }])(
  'half a document makes half a picture, and no error: %j',
  (half) => {
    expect(() => placedOf(pictureOf(half))).not.toThrow();
  },
);

test('a way to a state that is not there is not drawn', () => {
  expect(pictureOf({ definition: { States: { A: { Next: 'Gone' } } } }).edges).toEqual([]);
});

test('what is in a group stands within it, and no two of its machines overlap', () => {
  const { nodes } = placedOf(pictureOf(document));
  const named = (name: string) => nodes.find(({ node }) => node.name === name);
  const [both, left, right] = [named('Both'), named('Left'), named('Right')];
  expect([left?.parentId, right?.parentId]).toEqual(['/Both', '/Both']);
  expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThanOrEqual(right?.x ?? 0);
  expect((right?.x ?? 0) + (right?.width ?? 0)).toBeLessThanOrEqual(both?.width ?? 0);
  expect((right?.y ?? 0) + (right?.height ?? 0)).toBeLessThanOrEqual(both?.height ?? 0);
  expect(nodes.findIndex(({ node }) => node.name === 'Both')).toBeLessThan(
    nodes.findIndex(({ node }) => node.name === 'Left'),
  );
});
