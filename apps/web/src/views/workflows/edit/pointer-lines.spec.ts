import { expect, test } from 'vitest';
import { segmentsOf, writtenIn } from './pointer-lines.js';

const text = `name: mine # ours
definition:
  StartAt: a/b
  States:
    a/b:
      Type: Choice
      Choices:
        - Next: One
        - Next: Two
phases: [{ name: plan, states: [One] }]
`;
const at = (pointer: string): string => {
  const { from, to, line } = writtenIn(text).placeOf(pointer);
  return `${line} ${text.slice(from, to)}`;
};

test.each([
  ['/name', '1 name'],
  ['/definition/States/a~1b/Type', '6 Type'],
  ['/definition/States/a~1b/Choices/1/Next', '9 Next'],
  ['/definition/States/a~1b/Choices/1', '9 '],
  ['/phases/0/states', '10 states'],
])('%s stands at line %s', (pointer, place) => {
  expect(at(pointer)).toBe(place);
});

test('what is missing is shown at what it is missing in', () => {
  expect(at('/definition/States/a~1b/Default')).toBe('5 a/b');
  expect(at('/version')).toBe('1 ');
});

test('the empty pointer is the beginning', () => {
  expect(at('')).toBe('1 ');
});

test('a pointer is taken apart as its standard says', () => {
  expect(segmentsOf('/a~1b/~01/')).toEqual(['a/b', '~1', '']);
});

test('what is no YAML is said with its line', () => {
  const { errors } = writtenIn('a: 1\nb: [1\nc: 2\n');
  expect(errors[0]?.line).toBeGreaterThan(1);
  expect(errors[0]?.message).not.toContain('\n');
});

test.each(['', ':', '\t', '- ', '%', 'a: &x [*x]'])('any text has a place for any pointer: %j', (odd) => {
  const { from, to } = writtenIn(odd).placeOf('/definition/States/0');
  expect(from).toBeLessThanOrEqual(to);
  expect(to).toBeLessThanOrEqual(odd.length);
});
