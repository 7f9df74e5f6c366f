import { expect, test } from 'vitest';
import { inboxKeyOf } from './keys.js';

const LONG_AGO = 60_000;
const pressed = (key: string, within: Parameters<typeof inboxKeyOf>[0]['within'] = null, more: object = {}) =>
  inboxKeyOf(
    { key, within, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, ...more },
    LONG_AGO,
  );

test('letters choose and answer', () => {
  expect(['j', 'k', 'Enter', 'a', 'c', 'x', 'q', 'toString'].map((key) => pressed(key))).toEqual([
    ...['next', 'previous', 'open', 'a', 'c', 'x'],
    ...[null, null],
  ]);
});

test('nothing is answered by what somebody types', () => {
  for (const tagName of ['INPUT', 'TEXTAREA', 'SELECT']) {
    expect(pressed('x', { tagName, isEditable: false, role: null })).toBeNull();
  }
  expect(pressed('x', { tagName: 'DIV', isEditable: true, role: null })).toBeNull();
});

test('a key with a modifier, or that somebody else took, is not ours', () => {
  expect([pressed('a', null, { ctrlKey: true }), pressed('c', null, { metaKey: true })]).toEqual([null, null]);
  expect(pressed('a', null, { defaultPrevented: true })).toBeNull();
});

test('Enter on a link or a button does what that does', () => {
  expect(pressed('Enter', { tagName: 'A', isEditable: false, role: null })).toBeNull();
  expect(pressed('j', { tagName: 'A', isEditable: false, role: null })).toBe('next');
});

test('a letter after g goes to another view, and answers nothing', () => {
  const event = { key: 'a', within: null, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false };
  expect(inboxKeyOf(event, 300)).toBeNull();
});
