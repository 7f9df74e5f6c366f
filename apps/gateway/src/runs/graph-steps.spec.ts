import { expect, test } from 'vitest';
import { graphStepsIn } from './graph-steps.js';

const checkpoint = (id: string, parent: string | null, values: readonly (readonly [string, number])[]) => ({
  ...{ kind: 'graph-checkpoint', id: `entry-${id}`, thread: 't', namespace: '', checkpoint: id, parent },
  ...{ source: parent === null ? 'input' : 'loop', step: Number(id) - 1, head: {}, metadata: {} },
  values: values.map(([channel, version]) => [channel, version, { type: 'json', text: '1' }]),
});

test('the steps of a graph are told by what each of them changed', () => {
  const journal = [
    checkpoint('0', null, [['text', 1]]),
    { kind: 'graph-writes', id: 'w', task: 'a', writes: [] },
    checkpoint('1', '0', [
      ['text', 1],
      ['notes', 2],
    ]),
    { packed: { sha256: 'f'.repeat(64), size: 20_000 } },
    { kind: 'graph-asked', id: 'q', interrupt: 'i' },
  ];
  const about = { namespace: '', checkpoint: expect.any(String) };
  expect(graphStepsIn(journal)).toEqual({
    steps: [
      { ...about, step: -1, source: 'input', changed: ['text'] },
      { ...about, step: 0, source: 'loop', changed: ['notes'] },
    ],
    unread: 1,
  });
});

test('a journal of a conversation is none of a graph, and neither is an empty one', () => {
  expect(graphStepsIn([])).toBeNull();
  expect(graphStepsIn([{ kind: 'opening', system: '', prompt: '', tools: [] }])).toBeNull();
});
