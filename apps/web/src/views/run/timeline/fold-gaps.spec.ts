import { expect, test } from 'vitest';
import { foldGaps, type Interval, mergeIntervals, ticksOf } from './fold-gaps.js';

const HOUR = 3_600_000;

test('what overlaps or touches is one', () => {
  const merged = mergeIntervals([
    { fromMs: 5, toMs: 6 },
    { fromMs: 0, toMs: 3 },
    { fromMs: 1, toMs: 2 },
    { fromMs: 3, toMs: 4 },
  ]);
  expect(merged).toEqual([
    { fromMs: 0, toMs: 4 },
    { fromMs: 5, toMs: 6 },
  ]);
});

test('a wait that is longer than the work is folded, and the work around it keeps its proportions', () => {
  const busy = [
    { fromMs: 0, toMs: 10_000 },
    { fromMs: HOUR, toMs: HOUR + 5_000 },
  ];
  const { segments, placeOf } = foldGaps(busy, { fromMs: 0, toMs: HOUR + 5_000 });
  expect(segments.map(({ isFolded }) => isFolded)).toEqual([false, true, false]);
  const [first, , last] = segments;
  const widths = [first, last].map((each) => (each === undefined ? 0 : each.to - each.from));
  expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(2);
  expect(placeOf(HOUR / 2)).toBeGreaterThan(placeOf(10_000));
  expect([placeOf(-5), placeOf(0), placeOf(2 * HOUR)]).toEqual([0, 0, 1]);
});

test('short gaps, and a run in which nothing but people and clocks was waited for, are drawn as they are', () => {
  const busy = [
    { fromMs: 0, toMs: 900 },
    { fromMs: 2_500, toMs: 3_000 },
  ];
  expect(foldGaps(busy, { fromMs: 0, toMs: 3_000 }).segments).toHaveLength(1);
  const onlyWaits = foldGaps([], { fromMs: 0, toMs: HOUR });
  expect(onlyWaits.segments).toMatchObject([{ isFolded: false, from: 0, to: 1 }]);
  expect(onlyWaits.placeOf(HOUR / 4)).toBe(0.25);
});

test('however many gaps are folded, what worked keeps most of the room', () => {
  const busy = Array.from({ length: 200 }, (_, at) => ({ fromMs: at * HOUR, toMs: at * HOUR + 1_000 }));
  const { segments } = foldGaps(busy, { fromMs: 0, toMs: 200 * HOUR });
  const folded = segments.filter(({ isFolded }) => isFolded).reduce((sum, { from, to }) => sum + to - from, 0);
  expect(folded).toBeLessThan(0.4);
  expect(segments.at(-1)?.to).toBeCloseTo(1);
});

test('places never go back as time goes on', () => {
  const busy: Interval[] = Array.from({ length: 50 }, (_, at) => ({
    fromMs: at * at * 1_000,
    toMs: at * at * 1_000 + 700,
  }));
  const { placeOf } = foldGaps(mergeIntervals(busy), { fromMs: 0, toMs: 2_500_000 });
  const places = Array.from({ length: 2_500 }, (_, second) => placeOf(second * 1_000));
  expect(places.every((place, at) => place >= (places[at - 1] ?? 0))).toBe(true);
});

test('a run of no length at all has a scale', () => {
  const scale = foldGaps([{ fromMs: 5, toMs: 5 }], { fromMs: 5, toMs: 5 });
  expect(scale.placeOf(5)).toBe(0);
  expect(ticksOf(scale, 6)).toEqual([]);
});

test('ticks are at round times since the beginning, and none are in what is folded', () => {
  const scale = foldGaps(
    [
      { fromMs: 1_000, toMs: 11_000 },
      { fromMs: HOUR, toMs: HOUR + 10_000 },
    ],
    { fromMs: 1_000, toMs: HOUR + 10_000 },
  );
  const ticks = ticksOf(scale, 8);
  expect(ticks.slice(0, 2).map(({ afterMs }) => afterMs)).toEqual([0, 5_000]);
  expect(ticks.some(({ afterMs }) => afterMs > 11_000 && afterMs < HOUR - 2_000)).toBe(false);
});
