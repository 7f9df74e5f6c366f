import { expect, test } from 'vitest';
import { textOf } from './text-of.js';

test('sentences stand alone, and what is none with its name', () => {
  expect(textOf({ notes: 'It rains. It pours.', year: { january: 102, wet: true, best: null }, mood: 'bad' })).toBe(
    'It rains. It pours.\njanuary: 102\nwet: true\nmood: bad',
  );
});

test('lists are read through, and nothing is said twice', () => {
  expect(textOf([{ trend: 'It rains.', evidence: 'It rains.' }, 'dry', '', ['dry']])).toBe('It rains.\ndry');
});
