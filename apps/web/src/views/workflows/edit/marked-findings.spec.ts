import { expect, test } from 'vitest';
import { markedIn } from './marked-findings.js';

const text = `name: mine
definition:
  StartAt: Each
  States:
    Each:
      Type: Map
      ItemProcessor:
        StartAt: Ask
        States:
          Ask: { Type: Task, Retry: [{ ErrorEquals: [], MaxAttempts: -1 }], Next: Nowhere }
`;
const inside = '/definition/States/Each/ItemProcessor/States/Ask';
const error = (pointer: string, message = 'is wrong') => ({ severity: 'error' as const, pointer, message });

test.each([
  [`${inside}/Next`, 10, 'Next'],
  [`${inside}/Retry/0/MaxAttempts`, 10, 'MaxAttempts'],
  [`${inside}/Resource`, 10, 'Ask'],
  ['/definition/States/Each/ItemProcessor/StartAt', 8, 'StartAt'],
])('what is found at %s is marked at line %i, at %s', (pointer, line, marked) => {
  const [found] = markedIn(text, [error(pointer)]);
  expect(found?.place.line).toBe(line);
  expect(text.slice(found?.place.from, found?.place.to)).toBe(marked);
});

test('findings stand in the order of the text, and what would mislead a reader is drawn', () => {
  const found = markedIn(text, [error(`${inside}/Next`, 'second \u202E'), error('/name', 'first')]);
  expect(found.map(({ message }) => message.slice(0, 6))).toEqual(['first', 'second']);
  expect(found[1]?.message).not.toContain('\u202E');
});

test('what is no YAML is said instead of what was found in it before', () => {
  const found = markedIn('name: [mine\ntitle: x', [error('/name')]);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every(({ message }) => message !== 'is wrong')).toBe(true);
});
