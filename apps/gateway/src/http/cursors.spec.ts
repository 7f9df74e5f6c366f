import { expect, test } from 'vitest';
import { z } from 'zod';
import { cursorOf, cursorOfList, numberCursor } from './cursors.js';

test('a cursor leads to where it was made, and does not say so', () => {
  const cursor = cursorOf('approvals', 1234);
  expect(cursor).not.toMatch(/1234|approvals/);
  expect(encodeURIComponent(cursor)).toBe(cursor);
  expect(numberCursor('approvals').parse(cursor)).toBe(1234);
  expect(cursorOfList('lineages', z.string()).parse(cursorOf('lineages', 'a-b'))).toBe('a-b');
  expect(numberCursor('approvals').parse(undefined)).toBeUndefined();
});

test.each([
  ['a number', '1234'],
  ['nothing', ''],
  ['one of another list', cursorOf('deliveries', 1234)],
  ['no number', cursorOf('approvals', 'x')],
  ['a number below zero', cursorOf('approvals', -1)],
  ['more digits than there are numbers for', cursorOf('approvals', '9'.repeat(16))],
  ['padding', `${cursorOf('approvals', 12345)}=`],
  ['a very long text', 'a'.repeat(501)],
  ['bytes that are no text', Buffer.from([0xff, 0xfe]).toString('base64url')],
])('%s is no cursor', (_, text) => {
  const read = numberCursor('approvals').safeParse(text);
  expect(read.success).toBe(false);
});
