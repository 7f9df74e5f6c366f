import { expect, test } from 'vitest';
import type { CatalogEntry } from './catalog.js';
import { KnownEntries } from './known-entries.js';
import { document } from './testing/document.js';

const entry = (version: string): CatalogEntry => ({
  document: { ...document, version },
  sha256: 'a'.repeat(64),
  origin: { source: 'shipped', file: 'a.yaml' },
});

test('an entry is known under the number that it was looked for under, and forgotten with it', () => {
  const known = new KnownEntries();
  expect(known.get(1, 'a')).toBeUndefined();
  known.put(1, 'a', entry('1.0.0'));
  expect(known.get(1, 'a')?.document.version).toBe('1.0.0');
  expect(known.get(2, 'a')).toBeUndefined();
});

test('what was looked for before a change is not kept after it', () => {
  const known = new KnownEntries();
  known.get(1, 'a');
  known.get(2, 'a');
  known.put(1, 'a', entry('1.0.0'));
  expect(known.get(2, 'a')).toBeUndefined();
  known.put(2, 'a', entry('2.0.0'));
  expect(known.get(2, 'a')?.document.version).toBe('2.0.0');
});

test('a table that says an older number than before, since it was restored, is believed', () => {
  const known = new KnownEntries();
  known.get(5, 'a');
  known.put(5, 'a', entry('5.0.0'));
  expect(known.get(4, 'a')).toBeUndefined();
});
