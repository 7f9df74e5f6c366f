import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssues } from './problems.js';

const Schema = z.strictObject({
  name: z.string().min(1),
  count: z.int().max(3),
  kind: z.enum(['a', 'b']),
  list: z.array(z.string()),
  own: z.string().refine((text) => text !== 'no', 'is no good'),
});
const problemsOf = (value: unknown): readonly string[] => {
  const { error } = Schema.safeParse(value);
  return error === undefined ? [] : describeIssues(error);
};

test('what is wrong is said in our words, with its place', () => {
  expect(problemsOf({ name: '', count: 9, kind: 'c', list: [1], own: 'no', odd: 1 })).toEqual([
    'name: must not be empty',
    'count: must be at most 3',
    'kind: must be one of "a", "b"',
    'list[0]: must be a text, not a number',
    'own: is no good',
    'odd: is not known here',
  ]);
  expect(problemsOf({})).toContain('name: is missing; it is a text');
  expect(problemsOf('x')).toEqual(['must be an object, not a text']);
});
