import { describe, expect, test, vi } from 'vitest';
import { openCache } from '../cache.js';
import { buildIndex } from './search-index.js';
import { wordsOf } from './words.js';

const never = new AbortController().signal;
const indexOf = (...texts: readonly string[]) =>
  buildIndex(
    texts.map((text) => ({ title: '', text })),
    never,
  );

describe('a search', () => {
  test('ranks the text that is about the words before one that has them among many', async () => {
    const index = await indexOf(`retry ${'other words '.repeat(200)}`, 'retry policy: how a retry waits', 'nothing');
    expect(index.search('retry policy', 5).map(({ at }) => at)).toEqual([1, 0]);
  });

  test('finds parts of names in code, beginnings, other cases, and words of scripts without spaces', async () => {
    const index = await indexOf('function parseCsvRow()', 'max_retry_count = 3', 'Die Installation', '数据预处理步骤');
    const first = (query: string) => index.search(query, 1)[0]?.at;
    expect(first('csv')).toBe(0);
    expect(first('RETRY')).toBe(1);
    expect(first('install')).toBe(2);
    expect(first('counting counts')).toBe(1);
    expect(first('预处理')).toBe(3);
  });

  test('takes a query that looks like a pattern for the words in it', async () => {
    const index = await indexOf('aaaa', 'the end');
    await expect(async () => {
      expect(index.search('(a+)+$ .* [e]{1,99999} end', 5).map(({ at }) => at)).toEqual([1]);
      expect(index.search('.*', 5)).toEqual([]);
      expect(index.search('', 5)).toEqual([]);
      index.search('word '.repeat(10_000), 5);
    }).toComputeWithin(500);
  });

  test('keeps no keys and hashes as words', () => {
    expect(wordsOf(`token ${'f'.repeat(64)}`)).toEqual(['token']);
  });

  test('is given up in the middle of a large index', async () => {
    const controller = new AbortController();
    const building = buildIndex(
      Array.from({ length: 20_000 }, (_, n) => ({ title: '', text: `text ${n}` })),
      controller.signal,
    );
    controller.abort(new Error('stopped'));
    await expect(building).rejects.toThrow('stopped');
  });
});

describe('a cache', () => {
  test('drops what was used least when it is full, and keeps nothing that is too large', () => {
    const cache = openCache<string>({ mostWeight: 10, idleMs: 1_000 });
    cache.put('a', 'A', 4);
    cache.put('b', 'B', 4);
    expect(cache.get('a')).toBe('A');
    cache.put('c', 'C', 4);
    cache.put('huge', 'H', 11);
    expect(['a', 'b', 'c', 'huge'].map((key) => cache.get(key))).toEqual(['A', undefined, 'C', undefined]);
    cache.put('c', 'C', 6);
    expect(cache.weight()).toBe(10);
    cache.clear();
    expect(cache.weight()).toBe(0);
  });

  test('lets go of everything after a while in which nobody asked', () => {
    vi.useFakeTimers();
    try {
      const cache = openCache<string>({ mostWeight: 10, idleMs: 1_000 });
      cache.put('a', 'A', 4);
      vi.advanceTimersByTime(900);
      expect(cache.get('a')).toBe('A');
      vi.advanceTimersByTime(900);
      expect(cache.weight()).toBe(4);
      vi.advanceTimersByTime(200);
      expect(cache.weight()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
