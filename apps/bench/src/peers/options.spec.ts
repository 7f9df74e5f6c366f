import { expect, test } from 'vitest';
import { peerOptions } from './options.js';

test('five rounds of five seconds with all engines are what nobody has to ask for', () => {
  expect(peerOptions([])).toEqual({
    rounds: 5,
    seconds: 5,
    engines: ['baton-redis', 'baton-postgres', 'dbos', 'restate', 'langgraph'],
    jsonFile: undefined,
  });
});

test('a short form names what it wants', () => {
  const args = ['--rounds', '1', '--seconds', '2', '--only', 'dbos, baton-redis', '--json', 'out.json'];
  expect(peerOptions(args)).toEqual({ rounds: 1, seconds: 2, engines: ['baton-redis', 'dbos'], jsonFile: 'out.json' });
});

test.each([
  [['--rounds', '0'], '--rounds 0 is no whole number'],
  [['--seconds', 'soon'], '--seconds soon is no whole number'],
  [['--only', 'dbos,temporal'], '--only names temporal. There are: baton-redis,'],
  [['--only', ''], '--only names '],
  [['--round', '1'], "Unknown option '--round'"],
])('%j is refused with a word of what is wrong', (args, message) => {
  expect(() => peerOptions(args)).toThrow(message);
});
