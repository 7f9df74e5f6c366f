import type { Json, JsonObject } from '@baton/asl';
import type { Composition } from '@baton/contracts';
import { testWorkflow } from '@baton/workflow-testing';
import { expect, test } from 'vitest';
import { checkComposition } from './check-composition.js';
import { matchGoal } from './match-goal.js';
import { shippedCatalog, worker } from './testing/shipped-catalog.js';

/* What is composed runs to its end in the engine, with the results of its workers written here. */

const text: JsonObject = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } };
const counted = { type: 'object', properties: { words: { type: 'integer' } } };
const shipped = shippedCatalog();
const catalog = {
  ...shipped,
  workers: [
    ...shipped.workers.filter(({ kind }) => kind !== 'text-statistics'),
    worker('text-statistics', 'Counts the words and sentences of a text.', text, { output: counted }),
  ],
};

function documentOf(composition: Composition | null, input: JsonObject): JsonObject {
  const checked = composition === null ? null : checkComposition(composition, input, catalog);
  if (checked?.document == null) throw new Error(JSON.stringify(checked?.findings));
  return checked.document;
}

async function outcome(goal: string, input: JsonObject, answers: Readonly<Record<string, Json>>) {
  const { composition, because } = matchGoal(goal, input, catalog);
  if (composition === null) throw new Error(because);
  const given = Object.entries(answers).map(([name, said]) => {
    const outputs = Array.isArray(said) ? said : [said];
    return [name, outputs.map((output) => ({ output }))] as const;
  });
  const run = await testWorkflow(documentOf(composition, input), {
    input: { goal, input },
    answers: Object.fromEntries(given),
  });
  return { status: run.status, output: run.output, cause: run.cause, waitingFor: run.waitingFor };
}
const succeeded = (output: Json) => ({ status: 'succeeded', output, cause: null, waitingFor: [] });

test('sides give an object by the names of their steps', async () => {
  const answers = { TextStatistics: { words: 2 }, Translator: { text: 'Hello world' } };
  const goal = 'Count the words of the text and translate it';
  expect(await outcome(goal, { text: 'Hallo Welt' }, answers)).toEqual(succeeded(answers));
});

test('what comes after sides has the result of one', async () => {
  const answers = { TextStatistics: [{ words: 2 }, { words: 7 }], Translator: { text: 'Hello' } };
  const goal = 'At the same time, count the words of the text and translate it; then count the words of the text';
  const { composition } = matchGoal(goal, { text: 'Hallo' }, catalog);
  expect(composition?.steps.map(({ name }) => name)).toEqual(['TextStatistics', 'Translator', 'TextStatistics2']);
  const result = await outcome(
    goal,
    { text: 'Hallo' },
    {
      TextStatistics: answers.TextStatistics[0] ?? null,
      Translator: answers.Translator,
      TextStatistics2: { words: 7 },
    },
  );
  expect(result).toEqual(succeeded({ words: 7 }));
});

test.each([
  [
    [{ words: 1 }, { words: 2 }],
    ['a', 'b c'],
  ],
  [[{ words: 3 }], ['a b c']],
])('each of a list gives the list of the results, also of one: %j', async (results, texts) => {
  expect(await outcome('Count the words of each text', { texts }, { EachTextStatistics: results })).toEqual(
    succeeded(results),
  );
});

test('each of what was done for each goes on', async () => {
  const answers = {
    EachTranslator: [{ text: 'one' }, { text: 'two words' }],
    EachTextStatistics: [{ words: 1 }, { words: 2 }],
  };
  expect(await outcome('Translate each text, then count the words', { texts: ['eins', 'zwei'] }, answers)).toEqual(
    succeeded([{ words: 1 }, { words: 2 }]),
  );
});

test.each([
  [9, { Translator: { text: 'long' } }, { text: 'long' }],
  [5, { Sentiment: { mood: 'calm' } }, { mood: 'calm' }],
])('of two ways the one that its condition holds for is gone: %i words', async (words, answer, output) => {
  const goal =
    'Count the words of the text; if there are more than 5 words, translate the text, otherwise tell which sentiment the message has';
  const { composition } = matchGoal(goal, { text: 'a' }, catalog);
  const [, , other] = composition?.steps ?? [];
  const [[name, said] = ['', null]] = Object.entries(answer);
  const answers = { TextStatistics: { words }, [name === 'Sentiment' ? (other?.name ?? '') : name]: said };
  expect(await outcome(goal, { text: 'a' }, answers)).toEqual(succeeded(output));
});

test('where no way is gone the choice gave nothing, and what comes after it knows', async () => {
  const goal = 'Count the words of the text. If there are at least 5 words, translate the text';
  expect(await outcome(goal, { text: 'a' }, { TextStatistics: { words: 1 } })).toEqual(succeeded(null));
});

test('a side that is a chain, with a list in it, and a way that is one', async () => {
  const from = (value: string) => [{ name: 'text', from: 'step' as const, value }];
  const when = { choice: 'Ways', is: 'not-empty', from: 'input', value: 'texts', than: '' } as const;
  const item = [{ name: 'text', from: 'item' as const, value: '' }];
  const steps = [
    {
      name: 'A',
      does: '',
      use: 'worker:translator',
      arguments: [{ name: 'text', from: 'goal' as const, value: '' }],
      beside: 'S',
    },
    { name: 'B', does: '', use: 'worker:text-statistics', arguments: from('A.text'), beside: 'S' },
    {
      name: 'C',
      does: '',
      use: 'worker:text-statistics',
      arguments: item,
      each: { from: 'input' as const, value: 'texts' },
      beside: 'S',
    },
    { name: 'D', does: '', use: 'worker:translator', arguments: from('A.text'), when },
    { name: 'E', does: '', use: 'worker:text-statistics', arguments: from('D.text'), when },
  ];
  const input = { texts: ['x'] };
  const document = documentOf({ title: 'T', why: '', steps, missing: [] }, input);
  const said = { A: { text: 'a' }, B: { words: 1 }, EachC: { words: 2 }, D: { text: 'd' }, E: { words: 3 } };
  const answers = Object.fromEntries(Object.entries(said).map(([name, output]) => [name, [{ output }]]));
  const run = await testWorkflow(document, { input: { goal: 'g', input }, answers });
  expect({ status: run.status, cause: run.cause, output: run.output }).toEqual({
    ...{ status: 'succeeded', cause: null },
    output: { words: 3 },
  });
  expect(run.unused).toEqual([]);
});

test.each([
  ['equal', '5', { words: 5 }, {}],
  ['not-equal', '5', {}, { words: 5 }],
  ['less', '5', { words: 4 }, {}],
  ['at-most', '5', { words: 5 }, {}],
  ['more', '5', { words: 6 }, {}],
  ['at-least', '5', { words: 5 }, {}],
  ['more', '5', { words: 6 }, { words: 'many' }],
  ['contains', '"x"', { words: 'a X' }, {}],
  ['empty', '', {}, { words: ['a'] }],
  ['not-empty', '', { words: ['a'] }, {}],
] as const)('%s %s of a member that need not be there is a condition still', async (is, than, holds, holdsNot) => {
  const one = {
    use: 'worker:text-statistics',
    does: '',
    arguments: [{ name: 'text', from: 'goal' as const, value: '' }],
  };
  const when = { choice: 'Ways', is, from: 'step', value: 'One.words', than } as const;
  const steps = [
    { ...one, name: 'One' },
    { ...one, name: 'Two', when },
    { ...one, name: 'Three', when: { ...when, is: 'otherwise', value: '', than: '' } as const },
  ];
  const untold = worker('text-statistics', 'Counts words.', text, { output: null });
  const others = { ...catalog, workers: [...shipped.workers.filter(({ kind }) => kind !== untold.kind), untold] };
  const { document, findings } = checkComposition({ title: 'T', why: '', steps, missing: [] }, {}, others);
  if (document === null) throw new Error(JSON.stringify(findings));
  for (const [said, way] of [
    [holds, 'Two'],
    [holdsNot, 'Three'],
  ] as const) {
    const answers = { One: [{ output: said }], [way]: [{ output: way }] };
    const { output, cause } = await testWorkflow(document, { input: { goal: 'g' }, answers });
    expect({ output, cause }).toEqual({ output: way, cause: null });
  }
});
