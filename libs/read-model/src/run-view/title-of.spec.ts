import { expect, it } from 'vitest';
import { titleOf } from './title-of.js';

it.each([
  [{ requirements: '# Tabular preprocessing\n\nRead a CSV …' }, 'Tabular preprocessing'],
  [{ language: 'typescript', requirements: '\n\n  count   words\n' }, 'count words'],
  [{ requirements: 'count words', title: 'Words' }, 'Words'],
  [{ city: 'Bern', days: 3 }, 'Bern'],
  ['just a text', 'just a text'],
])('is the first line of the text that tells most: %j', (input, title) => {
  expect(titleOf(input)).toBe(title);
});

it.each([[null], [7], [[]], [{}], [{ text: '' }], [{ n: 1 }], [{ requirements: '---\n###\n' }]])(
  'is none where there is no text: %j',
  (input) => {
    expect(titleOf(input)).toBeNull();
  },
);

it('never shows what is under seal', () => {
  expect(titleOf({ name: { $sealed: { key: 'k', run: 'r', box: 'b' } }, days: 3 })).toBeNull();
});

it('cuts a long line between two characters, and never within one', () => {
  const title = titleOf(`${'a'.repeat(118)}😀😀😀`);
  expect(title).toBe(`${'a'.repeat(118)}😀…`);
});
