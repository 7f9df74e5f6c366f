import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugOf } from './src/slug.ts';

test('letters, accents and signs', () => {
  assert.equal(slugOf('Crème Brûlée'), 'creme-brulee');
  assert.equal(slugOf('  Straße & Co. – 2nd edition!'), 'strasse-co-2nd-edition');
});
test('a title of which nothing is left', () => {
  assert.equal(slugOf(''), 'untitled');
  assert.equal(slugOf('?! …'), 'untitled');
});
test('is cut between words, or within the first', () => {
  assert.equal(slugOf('one two three', 8), 'one-two');
  assert.equal(slugOf('one two three', 7), 'one-two');
  assert.equal(slugOf('one two three', 6), 'one');
  assert.equal(slugOf('extraordinary', 5), 'extra');
});
