import { expect, test } from 'vitest';
import { describeExit, keepTail, lastWordsOf } from './last-words.js';

test('a service’s own sentence is quoted without its name', () => {
  const stderr = '(node:1) Warning: old\nbaton orchestrator: The schema is newer. Use the newer Baton.\n';
  expect(lastWordsOf(stderr)).toBe('The schema is newer. Use the newer Baton.');
});

test('of a bug the message is quoted, and never its stack', () => {
  const stderr = `baton planner: Error: surprise
    at file:///srv/a.js:3:9
    at async live (file:///b.js:1:1) {
  code: 'X'
}

Node.js v24.21.0
`;
  expect(lastWordsOf(stderr)).toBe('Error: surprise');
});

test('of a foreign program the last line that is no stack is quoted', () => {
  expect(lastWordsOf('first\nCannot find module\n    at x (y:1:2)\n')).toBe('Cannot find module');
});

test('silence is null', () => {
  expect(lastWordsOf('\n\n')).toBeNull();
});

test('only the end is kept', () => {
  const tail = keepTail('a'.repeat(8_000), `${'b'.repeat(500)}\nlast`);
  expect(tail.length).toBeLessThanOrEqual(8_192);
  expect(tail.endsWith('last')).toBe(true);
});

test('an exit reads as a sentence', () => {
  expect(describeExit({ code: 1, signal: null })).toBe('ended with code 1');
  expect(describeExit({ code: null, signal: 'SIGKILL' })).toBe('was killed by SIGKILL');
});
