import { expect, test } from 'vitest';
import { emptySegment, grown, isLong, segmentOf } from './segment.js';

const events = (count: number, size = 100): number[] => Array.from({ length: count }, () => size);

test('a log is long after two thousand events, or four megabytes', () => {
  expect(isLong(grown(emptySegment, events(1_999)))).toBe(false);
  expect(isLong(grown(emptySegment, events(2_000)))).toBe(true);
  expect(isLong(grown(emptySegment, [4 * 1024 * 1024]))).toBe(true);
});

test('a large state is written again only when as much was written since', () => {
  const after = segmentOf(true, [10_000_000, ...events(3_000)]);
  expect(after).toEqual({ events: 3_000, size: 300_000, snapshotSize: 10_000_000 });
  expect(isLong(after)).toBe(false);
  expect(isLong(grown(after, events(97_000)))).toBe(true);
});

test('a run that is read from its beginning has no event to spare', () => {
  expect(segmentOf(false, [7, 8])).toEqual({ events: 2, size: 15, snapshotSize: 0 });
});
