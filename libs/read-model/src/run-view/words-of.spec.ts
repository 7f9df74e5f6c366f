import { expect, it } from 'vitest';
import { hasWords, wordsOf, wordsQuery } from './words-of.js';

const run = {
  runId: 'aaaa1111-0000-4000-8000-000000000001',
  workflow: 'seven-step',
  title: 'Überprüfe “Order-7”: CSV (weekly)',
  labels: { team: 'red' },
  submittedBy: { type: 'apikey' as const, id: 'ci_bot' },
};

it('finds a run by the beginnings of words of its title, labels, workflow, submitter and id', () => {
  for (const text of ['überprüfe', 'ORDER 7', 'csv week', 'red', 'seven-st', 'ci bot', 'aaaa1111', 'aaaa']) {
    expect(hasWords(run, text), text).toBe(true);
  }
  for (const text of ['rder', 'csv monthly', 'team', '', '***']) expect(hasWords(run, text), text).toBe(false);
});

it('asks the database for words alone, whatever stands in the text', () => {
  expect(wordsQuery(`x':* | !'y \\ \0 & z`)).toBe(`'x':* & 'y':* & 'z':*`);
  expect(wordsQuery('***')).toBe('');
});

it('cuts words that are endless, and keeps so many of them', () => {
  expect(wordsOf({ ...run, title: 'a'.repeat(5_000) }).every((word) => word.length <= 64)).toBe(true);
  const many = Array.from({ length: 5_000 }, (_, n) => `w${n}`).join(' ');
  expect(wordsOf({ ...run, title: many })).toHaveLength(200);
});
