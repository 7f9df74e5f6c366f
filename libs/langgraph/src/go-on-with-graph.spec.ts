import type { TaskAnswer } from '@baton/contracts';
import { Annotation, END, interrupt, START, StateGraph } from '@langchain/langgraph';
import { expect, test } from 'vitest';
import type { BatonCheckpointSaver } from './baton-checkpoint-saver.js';
import { goOnWithGraph } from './go-on-with-graph.js';
import { Asked, type Delivered, deliveryOf } from './testing/deliver.js';
import { blobsInMemory } from './testing/journal-in-memory.js';

const State = Annotation.Root({
  text: Annotation<string>({ reducer: (_, text) => text, default: () => '' }),
  done: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
});
const NODES = ['fetch', 'read', 'judge', 'write', 'send'] as const;

/** Five nodes in a row, and how often each of them did what it does. */
function fiveNodes(effects: string[]) {
  const node = (name: string) => () => {
    effects.push(name);
    return { done: [name] };
  };
  return (checkpointer: BatonCheckpointSaver) =>
    new StateGraph(State)
      .addNode('fetch', node('fetch'))
      .addNode('read', node('read'))
      .addNode('judge', node('judge'))
      .addNode('write', node('write'))
      .addNode('send', node('send'))
      .addEdge(START, 'fetch')
      .addEdge('fetch', 'read')
      .addEdge('read', 'judge')
      .addEdge('judge', 'write')
      .addEdge('write', 'send')
      .addEdge('send', END)
      .compile({ checkpointer });
}

test('a graph is done in one delivery, and each of its steps is an entry of the journal', async () => {
  const effects: string[] = [];
  const { context, entries, beats } = deliveryOf();
  const output = await goOnWithGraph({ graph: fiveNodes(effects), input: { text: 'a' }, context });
  expect(output).toEqual({ text: 'a', done: NODES });
  const steps = entries.map((entry) => JSON.parse(entry)).filter(({ kind }) => kind === 'graph-checkpoint');
  expect(steps.map(({ source, step }) => [source, step])).toEqual([
    ['input', -1],
    ...[0, 1, 2, 3, 4, 5].map((step) => ['loop', step]),
  ]);
  expect(beats.at(-1)).toBe('step 5 of the graph is kept');
});

test('cut off behind any of its entries, it goes on there: no node runs twice but the one that was cut off', async () => {
  const whole = deliveryOf();
  await goOnWithGraph({ graph: fiveNodes([]), input: { text: 'a' }, context: whole.context });
  for (let kept = 0; kept <= whole.entries.length; kept += 1) {
    const effects: string[] = [];
    const { context, blobs, entries } = deliveryOf();
    const { journal } = context.conversation;
    let left = kept;
    const cut = {
      ...context,
      conversation: {
        ...context.conversation,
        journal: {
          read: journal.read,
          write: async (...entry: Parameters<typeof journal.write>) => {
            if (left === 0) throw new Error('killed');
            left -= 1;
            await journal.write(...entry);
          },
        },
      },
    };
    await goOnWithGraph({ graph: fiveNodes(effects), input: { text: 'a' }, context: cut }).catch(() => {});
    const before = [...effects];
    const again = deliveryOf({ entries, blobs });
    const output = await goOnWithGraph({ graph: fiveNodes(effects), input: { text: 'a' }, context: again.context });
    expect(output).toEqual({ text: 'a', done: NODES });
    const twice = NODES.filter((name) => effects.filter((each) => each === name).length > 1);
    expect(twice.length, `${kept} entries kept: ${effects}`).toBeLessThanOrEqual(1);
    expect(twice.every((name) => name === before.at(-1))).toBe(true);
  }
});

test('a task that is delivered after its end gives the same, and does nothing', async () => {
  const effects: string[] = [];
  const first = deliveryOf();
  const output = await goOnWithGraph({ graph: fiveNodes(effects), input: { text: 'a' }, context: first.context });
  const again = deliveryOf(first);
  expect(await goOnWithGraph({ graph: fiveNodes(effects), input: { text: 'a' }, context: again.context })).toEqual(
    output,
  );
  expect(effects).toEqual(NODES);
});

/** Asks twice in one node, and once in the next. */
function asking(effects: string[]) {
  const ask = (text: string): string => interrupt<string, TaskAnswer>(text).text;
  return (checkpointer: BatonCheckpointSaver) =>
    new StateGraph(State)
      .addNode('prepare', () => {
        effects.push('prepare');
        return { done: ['prepare'] };
      })
      .addNode('choose', () => ({ done: [`${ask('Which delimiter?')} and ${ask('Which encoding?')}`] }))
      .addNode('confirm', () => ({
        done: [interrupt<object, TaskAnswer>({ text: 'So?', choices: ['yes', 'no'] }).text],
      }))
      .addEdge(START, 'prepare')
      .addEdge('prepare', 'choose')
      .addEdge('choose', 'confirm')
      .addEdge('confirm', END)
      .compile({ checkpointer });
}

const answered = (text: string): TaskAnswer => ({ outcome: 'answered', text, by: 'user:ada' });

test('an interrupt is a question to a person, and its answer goes on where the graph was', async () => {
  const effects: string[] = [];
  const blobs = blobsInMemory();
  const entries: string[] = [];
  const deliver = async (given: Delivered = {}): Promise<unknown> => {
    const { context } = deliveryOf({ entries, blobs, ...given });
    return goOnWithGraph({ graph: asking(effects), input: { text: 'a' }, context }).catch((thrown: unknown) => {
      if (thrown instanceof Asked) return thrown.question;
      throw thrown;
    });
  };
  expect(await deliver()).toEqual({ text: 'Which delimiter?' });
  // Delivered once more before its result counted: the same question, and not another entry for it.
  const before = entries.length;
  expect(await deliver()).toEqual({ text: 'Which delimiter?' });
  expect(entries.length).toBe(before);
  const second = { before, answer: answered('tab') };
  expect(await deliver(second)).toEqual({ text: 'Which encoding?' });
  // The task that goes on is delivered twice, too: what was answered is not taken for the answer to the next question.
  expect(await deliver(second)).toEqual({ text: 'Which encoding?' });
  const third = { before: entries.length, answer: answered('utf-8') };
  expect(await deliver(third)).toEqual({ text: 'So?', choices: ['yes', 'no'] });
  const last = { before: entries.length, answer: answered('yes') };
  for (const _ of [1, 2]) expect(await deliver(last)).toEqual({ text: 'a', done: ['prepare', 'tab and utf-8', 'yes'] });
  expect(effects).toEqual(['prepare']);
});

test('of two interrupts at once one is asked after the other, and a graph within the graph goes on where it was', async () => {
  const effects: string[] = [];
  const ask = (text: string): string => interrupt<string, TaskAnswer>(text).text;
  const within = new StateGraph(State)
    .addNode('look', () => {
      effects.push('look');
      return { done: ['look'] };
    })
    .addNode('decide', () => ({ done: [`left ${ask('Left?')}`] }))
    .addEdge(START, 'look')
    .addEdge('look', 'decide')
    .addEdge('decide', END)
    .compile();
  const graph = (checkpointer: BatonCheckpointSaver) =>
    new StateGraph(State)
      .addNode('left', within)
      .addNode('right', () => ({ done: [`right ${ask('Right?')}`] }))
      .addNode('join', ({ done }) => {
        effects.push('join');
        return { text: [...done].sort().join(', ') };
      })
      .addEdge(START, 'left')
      .addEdge(START, 'right')
      .addEdge(['left', 'right'], 'join')
      .addEdge('join', END)
      .compile({ checkpointer });
  const blobs = blobsInMemory();
  const entries: string[] = [];
  const deliver = (given: Delivered = {}): Promise<unknown> =>
    goOnWithGraph({ graph, input: { text: 'a' }, context: deliveryOf({ entries, blobs, ...given }).context }).catch(
      (thrown: unknown) => (thrown instanceof Asked ? thrown.question.text : Promise.reject(thrown)),
    );
  const first = await deliver();
  const second = await deliver({ before: entries.length, answer: answered('one') });
  expect([first, second].sort()).toEqual(['Left?', 'Right?']);
  const output = await deliver({ before: entries.length, answer: answered('two') });
  const [left, right] = first === 'Left?' ? ['one', 'two'] : ['two', 'one'];
  expect(output).toMatchObject({ text: `left ${left}, look, right ${right}` });
  expect(effects).toEqual(['look', 'join']);
});
