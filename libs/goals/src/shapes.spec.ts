import type { JsonObject } from '@baton/asl';
import type { ComposedStep, Composition } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { checkComposition } from './check-composition.js';
import { nameOfComposed } from './compose-document.js';
import { whyNotComposed } from './composed-document.js';
import { matchGoal } from './match-goal.js';
import { shippedCatalog, worker } from './testing/shipped-catalog.js';

const text = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string' } },
};
const counts = { words: { type: 'integer' }, sentences: { type: 'integer' }, longestWord: { type: 'string' } };
const mood = { type: 'object', properties: { mood: { enum: ['angry', 'calm'] }, notes: { type: 'array' } } };
const shipped = shippedCatalog();
const catalog = {
  ...shipped,
  workers: [
    ...shipped.workers.filter(({ kind }) => kind !== 'text-statistics'),
    worker('text-statistics', 'Counts the words and sentences of a text.', text, {
      output: { type: 'object', properties: counts },
    }),
    worker('splitter', 'Splits a text into paragraphs.', text, {
      output: { type: 'object', properties: { paragraphs: { type: 'array', items: { type: 'string' } } } },
    }),
    worker('mood-reader', 'Reads the mood of a text.', text, { output: mood }),
  ],
};

const composed = (goal: string, input = {}): Composition => {
  const { composition, verdict, because } = matchGoal(goal, input, catalog);
  expect(verdict, because).toBe('clear');
  if (composition === null) throw new Error('it is not composed');
  return composition;
};
const statesOf = (composition: Composition, input = {}) => {
  const { ok, document, findings } = checkComposition(composition, input, catalog);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(ok).toBe(true);
  if (document === null) throw new Error('there is no document');
  expect(whyNotComposed(document)).toBeNull();
  return (document.definition as { readonly States: Readonly<Record<string, object>> }).States;
};

describe('what a goal says makes the shape', () => {
  test.each([
    'Count the words of the text and translate it',
    'Count the words of the text, and at the same time translate it',
    'In parallel, count the words of the text and translate it',
    'Count the words of the text and translate it in parallel',
  ])('%s: two branches', (goal) => {
    const input = { text: 'Hallo' };
    const states = statesOf(composed(goal, input), input);
    expect(states.SideBySide).toMatchObject({
      Type: 'Parallel',
      Branches: [{ StartAt: 'TextStatistics' }, { StartAt: 'Translator' }],
      Assign: { Translator: '{% $states.result[1].Translator %}' },
      Next: 'Done',
    });
  });

  test('what comes after branches may have the result of each', () => {
    const input = { text: 'Hallo' };
    const states = statesOf(composed('Count the words of the text and translate it, then read the mood', input), input);
    expect(states.MoodReader).toMatchObject({ Arguments: { text: '{% $Translator.`text` %}' } });
  });

  test.each([
    ['Count the words of the texts', { texts: ['a', 'b c'] }, '{% $states.input %}'],
    ['Count the words of each message', { messages: ['a', 'b c'] }, '{% $states.input %}'],
    ['Count the words of each', { posts: [{ id: 1, text: 'a' }] }, '{% $states.input.`text` %}'],
  ])('%s: once for each item of the input', (goal, input, value) => {
    const states = statesOf(composed(goal, input), input);
    expect(states.TextStatistics).toMatchObject({
      Type: 'Map',
      Items: `{% $input.\`${Object.keys(input)[0]}\` %}`,
      ItemProcessor: { States: { EachTextStatistics: { Arguments: { text: value } } } },
    });
  });

  test('what was done for each goes on for each, and a list that a step gives is gone through as well', () => {
    const input = { texts: ['a', 'b'] };
    expect(statesOf(composed('Translate each text, then count the words', input), input).TextStatistics).toMatchObject({
      Items: '{% $Translator %}',
      ItemProcessor: { States: { EachTextStatistics: { Arguments: { text: '{% $states.input.`text` %}' } } } },
    });
    const one = { text: 'a' };
    const split = statesOf(composed('Split the text into paragraphs, then translate each', one), one);
    expect(split.Translator).toMatchObject({ Items: '{% $Splitter.`paragraphs` %}' });
  });

  test.each([
    ['there are more than 5 words', '{% $type($TextStatistics.`words`) = "number" and $TextStatistics.`words` > 5 %}'],
    [
      'it has at least 2 sentences',
      '{% $type($TextStatistics.`sentences`) = "number" and $TextStatistics.`sentences` >= 2 %}',
    ],
    ['the longest word is "Donau"', '{% $TextStatistics.`longestWord` = "Donau" %}'],
  ])('if %s, one way is gone, otherwise the other', (says, Condition) => {
    const input = { text: 'a' };
    const goal = `Count the words and sentences of the text; if ${says}, split it into paragraphs, otherwise translate the text; then read its mood`;
    const states = statesOf(composed(goal, input), input);
    expect(states.Choice).toMatchObject({ Choices: [{ Condition, Next: 'Splitter' }], Default: 'Translator' });
    expect(states.Splitter).toMatchObject({ Assign: { Choice: '{% $states.result %}' }, Next: 'MoodReader' });
    expect(states.MoodReader).toMatchObject({ Arguments: { text: '{% $Choice %}' } });
  });

  test.each([
    ['it is angry', '{% $MoodReader.`mood` = "angry" %}'],
    ['it is not calm', '{% $not($MoodReader.`mood` = "calm") %}'],
    [
      'there are notes',
      '{% $not(($MoodReader.`notes` = null or $MoodReader.`notes` = "" or $count($MoodReader.`notes`) = 0)) %}',
    ],
  ])('if %s: without another way it goes on, and the choice gave nothing', (says, Condition) => {
    const input = { text: 'a' };
    const states = statesOf(composed(`Read the mood of the text. If ${says}, translate the text`, input), input);
    expect(states.Choice).toMatchObject({ Choices: [{ Condition }], Default: 'Done' });
    expect(states.Prepare).toMatchObject({ Assign: { Choice: null } });
    expect(states.Done).toMatchObject({ Output: '{% $Choice %}' });
  });

  test('a condition that no result is named by is no program’s to read', () => {
    const match = matchGoal(
      'If the customer is a friend, translate the text, otherwise count its words',
      { text: 'a' },
      catalog,
    );
    expect(match).toMatchObject({
      verdict: 'unclear',
      because: expect.stringContaining('the customer is a friend'),
      parts: [
        { way: { says: 'the customer is a friend', when: null } },
        { way: { says: null, when: { is: 'otherwise' } } },
      ],
    });
  });

  test.each([
    'See if you can count the words of the text',
    'Research a question in parallel',
    'In parallel, count the words of the text',
    'Do anything else with the text',
  ])('%s is one part', (goal) => {
    expect(matchGoal(goal, { text: 'a' }, catalog).parts).toMatchObject([{ text: goal.replace(',', '') }]);
  });

  test('an option with a dash in it is one, and postfix conditions and chains of them are read', () => {
    const options = { type: 'object', properties: { kind: { enum: ['spam-mail', 'letter'] } } };
    const more = {
      ...catalog,
      workers: [...catalog.workers, worker('sorter', 'Sorts mail.', text, { output: options })],
    };
    const goal = 'Sort the mail; translate the text if it is a letter, otherwise, if it is spam-mail, count its words';
    expect(matchGoal(goal, { text: 'a' }, more).composition?.steps.map(({ when: each }) => each?.than)).toEqual([
      undefined,
      '"letter"',
      '"spam-mail"',
    ]);
  });
});

const step = (name: string, over: Partial<ComposedStep> = {}): ComposedStep => ({
  ...{ name, does: 'it', use: 'worker:text-statistics' },
  arguments: [{ name: 'text', from: 'text', value: 'a' }],
  ...over,
});
const when = (over: object = {}) =>
  ({ choice: 'Ways', is: 'more', from: 'step', value: 'One.words', than: '3', ...over }) as const;
const findingsOf = (steps: readonly ComposedStep[], input = {}) =>
  checkComposition({ title: 'T', why: '', steps: [...steps], missing: [] }, input, catalog).findings.filter(
    ({ severity }) => severity === 'error',
  );

describe('a shape that a model composed has to hold', () => {
  test.each([
    [
      'sides that need one another',
      [
        step('One', { beside: 'A' }),
        step('Two', { beside: 'A', arguments: [{ name: 'text', from: 'step', value: 'One.longestWord' }] }),
      ],
      'no-sides',
    ],
    [
      'a result from another side',
      [
        step('One', { beside: 'A' }),
        step('Two', { beside: 'A' }),
        step('Three', { beside: 'A', arguments: [{ name: 'text', from: 'step', value: 'Four' }] }),
      ],
      'unknown-step',
    ],
    [
      'sides that are no neighbours',
      [
        step('One', { beside: 'A' }),
        step('Two', { beside: 'A' }),
        step('Three'),
        step('Four', { beside: 'A' }),
        step('Five', { beside: 'A' }),
      ],
      'not-neighbours',
    ],
    [
      'a result of a way that may not be gone',
      [
        step('One'),
        step('Two', { when: when() }),
        step('Three', { arguments: [{ name: 'text', from: 'step', value: 'Two' }] }),
      ],
      'step-out-of-sight',
    ],
    [
      'a way that is otherwise alone',
      [step('One'), step('Two', { when: when({ is: 'otherwise' }) })],
      'otherwise-comes-last',
    ],
    ['a member that there is not', [step('One'), step('Two', { when: when({ value: 'One.word' }) })], 'unknown-member'],
    [
      'a text that is more than three',
      [step('One'), step('Two', { when: when({ value: 'One.longestWord' }) })],
      'not-comparable',
    ],
    ['a number that is none', [step('One'), step('Two', { when: when({ than: '"3"' }) })], 'not-comparable'],
    [
      'an option that never is',
      [
        step('One', { use: 'worker:mood-reader' }),
        step('Two', { when: when({ is: 'equal', value: 'One.mood', than: '"furious"' }) }),
      ],
      'never-holds',
    ],
    ['each of what is no list', [step('One'), step('Two', { each: { from: 'step', value: 'One.words' } })], 'no-list'],
    ['each of a list that there is not', [step('One', { each: { from: 'input', value: 'texts' } })], 'unknown-input'],
    ['an item without a list', [step('One', { arguments: [{ name: 'text', from: 'item', value: '' }] })], 'no-item'],
    ['a name that a choice has', [step('One'), step('Ways', { when: when() })], 'name-taken'],
    ['a side on a way', [step('One'), step('Two', { when: when(), beside: 'B' })], 'beside-on-a-way'],
  ])('%s is a finding', (_, steps, code) => {
    expect(findingsOf(steps).map((each) => each.code)).toContain(code);
  });

  test('a branch may be a chain, a way may be one too, and each may be on both', () => {
    const input = { texts: ['a'] };
    const steps = [
      step('One', { beside: 'A' }),
      step('Two', { beside: 'A', arguments: [{ name: 'text', from: 'step', value: 'One.longestWord' }] }),
      step('Three', {
        beside: 'A',
        each: { from: 'input', value: 'texts' },
        arguments: [{ name: 'text', from: 'item', value: '' }],
      }),
      step('Four', { when: when() }),
      step('Five', { when: when(), arguments: [{ name: 'text', from: 'step', value: 'Four.longestWord' }] }),
      step('Six', {
        when: when({ is: 'otherwise' }),
        each: { from: 'input', value: 'texts' },
        arguments: [{ name: 'text', from: 'item', value: '' }],
      }),
    ];
    expect(findingsOf(steps, input)).toEqual([]);
    const states = statesOf({ title: 'T', why: '', steps, missing: [] }, input);
    expect(states.A).toMatchObject({
      Branches: [
        { States: { One: { Next: 'Two' }, Two: { Output: { One: '{% $ofOne %}' } } } },
        { States: { Three: { Type: 'Map' } } },
      ],
    });
    expect(states.Ways).toMatchObject({ Choices: [{ Next: 'Four' }], Default: 'Six' });
  });

  test('what reads or writes elsewhere, waits for a token or asks a person is published by no run', () => {
    const base = composed('Count the words of the texts', { texts: ['a'] });
    const { document } = checkComposition(base, { texts: ['a'] }, catalog);
    for (const [field, value] of [
      ['ItemReader', {}],
      ['ResultWriter', {}],
    ] as const) {
      const changed = JSON.parse(JSON.stringify(document), (key, each) =>
        key === 'TextStatistics' && each.Type === 'Map' ? { ...each, [field]: value } : each,
      );
      expect(whyNotComposed(renamed(changed))).toContain(field);
    }
    for (const resource of [
      'baton:approval',
      'baton:worker:http',
      'baton:worker:deployer',
      'baton:worker:text-statistics.waitForTaskToken',
    ]) {
      const changed = JSON.parse(JSON.stringify(document), (key, each) => (key === 'Resource' ? resource : each));
      expect(whyNotComposed(renamed(changed))).toContain('never composed');
    }
  });
});

const renamed = (document: JsonObject): JsonObject => ({ ...document, name: nameOfComposed(document) });
