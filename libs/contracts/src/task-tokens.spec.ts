import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { commandIdOf } from './ids.js';
import { cutTaskTokens, readTaskToken, TaskToken, taskTokenOf, tokenMark, withTaskToken } from './task-tokens.js';

const PROOF = 'p'.repeat(43);

test('a token says which command it is for, and shows its proof', () => {
  for (const ordinal of [1, 12, 255, 65_536, 2 ** 32]) {
    const commandId = commandIdOf(randomUUID(), ordinal);
    const token = taskTokenOf(commandId, PROOF);
    expect(TaskToken.parse(token)).toBe(token);
    expect(readTaskToken(token)).toEqual({ commandId, runId: commandId.slice(0, 36), proof: PROOF });
  }
});

test.each([
  '',
  'btk',
  'btk..',
  `btk.${'a'.repeat(28)}.${'p'.repeat(42)}`,
  `btk.${'é'.repeat(28)}.${PROOF}`,
  `btk.${'A'.repeat(28)}.${PROOF}`,
])('what is no token names no command: %j', (text) => {
  expect(readTaskToken(text)).toBeNull();
});

test('the token stands wherever its mark did, and nowhere else', () => {
  const commandId = commandIdOf(randomUUID(), 1);
  const other = tokenMark(commandIdOf(commandId.slice(0, 36), 12));
  const token = taskTokenOf(commandId, PROOF);
  const mark = tokenMark(commandId);
  const given = { url: `https://there.example/done?token=${mark}`, list: [mark, other, 'a "quote"'], [mark]: 1 };
  expect(withTaskToken(given, commandId, token)).toEqual({
    url: `https://there.example/done?token=${token}`,
    list: [token, other, 'a "quote"'],
    [token]: 1,
  });
  // It may be in an address as it is.
  expect(encodeURIComponent(mark)).toBe(mark);
  expect(encodeURIComponent(token)).toBe(token);
});

test('tokens are cut out of texts', () => {
  const token = taskTokenOf(commandIdOf(randomUUID(), 3), PROOF);
  expect(cutTaskTokens(`it said ${token}, twice: ${token}.`)).toBe('it said [task token], twice: [task token].');
});
