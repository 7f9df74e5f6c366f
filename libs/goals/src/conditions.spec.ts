import type { JsonObject } from '@baton/asl';
import { describe, expect, test } from 'vitest';
import { findCondition } from './find-condition.js';
import { matchGoal } from './match-goal.js';
import { shippedCatalog, worker } from './testing/shipped-catalog.js';

const output = {
  type: 'object',
  properties: {
    words: { type: 'integer' },
    sentences: { type: 'integer' },
    notes: { type: 'array' },
    mood: { enum: ['angry', 'calm'] },
    isValid: { type: 'boolean' },
    failed: { type: 'boolean' },
    notFound: { type: 'boolean' },
    title: { type: 'string' },
  },
};
const read = (says: string, input: JsonObject = {}) => {
  const found = findCondition(says, { input, before: [{ name: 'Reader', output }] });
  return found === null ? null : [found.value.replace('Reader.', ''), found.is, found.than];
};

describe('a condition', () => {
  test.each([
    ['there are more than 5 words', ['words', 'more', '5']],
    ['the words exceed 1,000', ['words', 'more', '1000']],
    ['it has no more than 5 words', ['words', 'at-most', '5']],
    ['there are not more than 5 words', ['words', 'at-most', '5']],
    ['there are no fewer than 2.5 sentences.', ['sentences', 'at-least', '2.5']],
    ['words >= 7', ['words', 'at-least', '7']],
    ['the number of words is 7', ['words', 'equal', '7']],
    ['the number of words is not 7', ['words', 'not-equal', '7']],
    ['there are notes', ['notes', 'not-empty', '']],
    ['any notes were found', ['notes', 'not-empty', '']],
    ['there are no notes', ['notes', 'empty', '']],
    ['there aren’t any notes', ['notes', 'empty', '']],
    ['the notes are empty', ['notes', 'empty', '']],
    ['it is angry', ['mood', 'equal', '"angry"']],
    ['the mood of the message isn’t calm', ['mood', 'not-equal', '"calm"']],
    ['not angry', ['mood', 'not-equal', '"angry"']],
    ['it is valid', ['isValid', 'equal', 'true']],
    ["it isn't valid", ['isValid', 'equal', 'false']],
    ['it failed', ['failed', 'equal', 'true']],
    ['the title is "War and Peace"', ['title', 'equal', '"War and Peace"']],
    ["the title contains 'war'", ['title', 'contains', '"war"']],
  ])('%s is read', (says, condition) => {
    expect(read(says)).toEqual(condition);
  });

  test.each([
    'the notes are not empty',
    'the notes are not none',
    'there are words not greater than 5',
    'the number of words is not greater than 5',
    'the words do not exceed 5',
    "the words don't exceed 5",
    'the number of words is not over 5',
    'the number of words is not less than 5',
    'the number of words is between 5 and 10',
    'the number of words is 5-10',
    'the words are 1,5',
    'there are more than 5 million words',
    'more than 5 words are misspelled',
    'there are more than five notes',
    'there are more than 5% words',
    "it hasn't got notes",
    'it can’t be angry',
    'it cannot be angry',
    "it wasn't quite angry",
    'it is without notes',
    'it lacks notes',
    'nothing is angry',
    'it is valid unless there are notes',
    'it is not the case that it is angry',
    'it is hardly angry',
    'it is angry about the notes',
    'the mood is angry and there are more than 5 words',
    'the mood is angry or calm',
    'the mood is angry but valid',
    'the words are more than 5 or the sentences are',
    'the title of the notes is "x" and it is angry',
    'the title does not contain "war"',
    'the title contains "angry',
    'it is not invalid',
    'it is found',
    'all notes are valid',
  ])('%s is no program’s to read', (says) => {
    expect(read(says)).toBeNull();
  });

  test.each([
    'not '.repeat(400),
    'is '.repeat(600),
    '"'.repeat(900),
    `${'5,'.repeat(600)}`,
    ' '.repeat(900),
    'angry '.repeat(200),
  ])('of any text is refused in no time: %#', (says) => {
    expect(read(says)).toBeNull();
  });
});

const text = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } };
const shipped = shippedCatalog();
const catalog = {
  ...shipped,
  workers: [
    ...shipped.workers.filter(({ kind }) => kind !== 'text-statistics'),
    worker('text-statistics', 'Counts the words and sentences of a text.', text, {
      output: { type: 'object', properties: { words: { type: 'integer' }, sentences: { type: 'integer' } } },
    }),
    worker('mood-reader', 'Reads the mood of a text.', text, {
      output: { type: 'object', properties: { mood: output.properties.mood } },
    }),
    worker('splitter', 'Splits paragraphs.', text),
  ],
};
const match = (goal: string) => matchGoal(goal, { text: 'a' }, catalog);
const waysOf = (goal: string) => {
  const { composition, because } = match(goal);
  return (
    composition?.steps.map(({ use, when }) => [
      use.replace('worker:', ''),
      when === undefined ? null : `${when.choice} ${when.is} ${when.than}`.trim(),
    ]) ?? because
  );
};

describe('what is done under a condition', () => {
  test.each([
    'Translate the text unless it is angry',
    'Translate the text when it is angry',
    'Translate the text only if it is angry',
    'Translate the text in case it is angry',
    'Translate the text as long as it is angry',
    'Translate the text for me if it is angry',
    'If not angry translate the text',
    'If it is angry translate the text; count its words',
    'Translate the text if it is angry, count its words',
    'Count the words of the text. Translate the text if there are more than 5 words',
    'Count the words of the text; if there are more than 5 words, translate the text if it is angry',
    'Translate the text, otherwise count its words',
  ])('%s: is never composed without it', (goal) => {
    expect(match(goal)).toMatchObject({ verdict: 'unclear', composition: null });
  });

  test.each([
    ['Read the mood of the text; translate the text only if it is angry', 'Choice equal "angry"'],
    ['Count the words of the text; if the words exceed 1,000, translate the text', 'Choice more 1000'],
    ['Read the mood of the text; if not angry, translate the text', 'Choice not-equal "angry"'],
  ])('%s: one way', (goal, way) => {
    expect(waysOf(goal)).toEqual([expect.anything(), ['translator', way]]);
  });

  test('in one sentence is not over in the next', () => {
    expect(
      waysOf('Read the mood of the text, then translate the text if it is angry. Then count the words of the text'),
    ).toEqual([
      ['mood-reader', null],
      ['translator', 'Choice equal "angry"'],
      ['text-statistics', null],
    ]);
  });

  test('is another choice where another sentence says it', () => {
    expect(
      waysOf(
        'Count the words and sentences of the text. If there are more than 5 words, translate the text. If there are more than 2 sentences, read the mood, otherwise split paragraphs',
      ),
    ).toEqual([
      ['text-statistics', null],
      ['translator', 'Choice more 5'],
      ['mood-reader', 'Choice2 more 2'],
      ['splitter', 'Choice2 otherwise'],
    ]);
  });

  test('is a way of the same choice where it is another value of the same member', () => {
    expect(
      waysOf(
        'Read the mood of the text; if it is angry, translate the text; if it is calm, count the words of the text; otherwise split paragraphs',
      ),
    ).toEqual([
      ['mood-reader', null],
      ['translator', 'Choice equal "angry"'],
      ['text-statistics', 'Choice equal "calm"'],
      ['splitter', 'Choice otherwise'],
    ]);
  });

  test('is not told where otherwise may be that of two', () => {
    const goal =
      'Count the words and sentences of the text; if there are more than 5 words, translate the text; if there are more than 2 sentences, read the mood, otherwise split paragraphs';
    expect(match(goal)).toMatchObject({ verdict: 'unclear', because: expect.stringContaining('otherwise') });
  });

  test.each(['if '.repeat(1_300), 'if a'.repeat(900), `if ${'1,'.repeat(1_900)}`, 'only if not '.repeat(300)])(
    'of any text is cut in no time: %#',
    (goal) => {
      expect(match(goal).verdict).toBe('unclear');
    },
  );
});
