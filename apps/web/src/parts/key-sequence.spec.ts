import { expect, it } from 'vitest';
import { keyOf, type Press, sequenceAfter } from './key-sequence.js';

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});
const KNOWN = ['j', 'g r', 'g a', '?', 'mod+k'];

it('names a key by its character, with mod for Control and for ⌘', () => {
  expect(keyOf(press('j'))).toBe('j');
  expect(keyOf(press('?'))).toBe('?');
  expect(keyOf(press('k', { ctrlKey: true }))).toBe('mod+k');
  expect(keyOf(press('K', { metaKey: true }))).toBe('mod+k');
  expect(keyOf(press('Enter'))).toBe('enter');
});

it('takes a modifier alone, and what Alt writes, for no key', () => {
  expect(keyOf(press('Shift'))).toBeNull();
  expect(keyOf(press('Control', { ctrlKey: true }))).toBeNull();
  expect(keyOf(press('@', { altKey: true, ctrlKey: true }))).toBeNull();
});

it('finds a binding of one key at once, and one of two at its second', () => {
  expect(sequenceAfter([], 'j', KNOWN)).toEqual({ pressed: [], found: 'j' });
  expect(sequenceAfter([], 'g', KNOWN)).toEqual({ pressed: ['g'], found: null });
  expect(sequenceAfter(['g'], 'r', KNOWN)).toEqual({ pressed: [], found: 'g r' });
});

it('begins anew where a sequence does not go on', () => {
  expect(sequenceAfter(['g'], 'x', KNOWN)).toEqual({ pressed: [], found: null });
  expect(sequenceAfter(['g'], 'g', KNOWN)).toEqual({ pressed: ['g'], found: null });
  expect(sequenceAfter(['g'], 'j', KNOWN)).toEqual({ pressed: [], found: 'j' });
});

it('finds nothing in what nobody asked for', () => {
  expect(sequenceAfter([], 'z', KNOWN)).toEqual({ pressed: [], found: null });
});
