import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fate, failuresOf, MOST_FATES } from './failures.js';

const runs = (count: number, fate: Fate = 'succeeded'): readonly Fate[] => Array.from({ length: count }, () => fate);
/** So many runs of which one in `every` failed. */
const some = (count: number, every: number): readonly Fate[] =>
  Array.from({ length: count }, (_, index) => (index % every === 0 ? 'failed' : 'succeeded'));

/** Every place at which it would be told: asked when a run has failed, of those since the last time. */
function told(fates: readonly Fate[]): readonly number[] {
  const places: number[] = [];
  for (const [place, fate] of fates.entries()) {
    const from = Math.max((places.at(-1) ?? -1) + 1, place + 1 - MOST_FATES);
    if (fate === 'failed' && failuresOf(fates.slice(from, place + 1)) !== null) places.push(place);
  }
  return places;
}

describe('that runs fail more often', () => {
  test('is seen of five that failed where none did, with both shares and what they are of', () => {
    expect(failuresOf([...runs(40), ...runs(5, 'failed')])).toMatchObject({
      ...{ measure: 'failures', direction: 'high', value: 1, windowSize: 5 },
      ...{ median: 0, sampleSize: 40, falseAlarmRate: 0.001 },
    });
  });

  test('is seen where they did fail now and then, and where it is a share that grew', () => {
    expect(failuresOf([...some(200, 10), ...runs(5, 'failed')])).toMatchObject({ median: 0.1, value: 1 });
    const grown = failuresOf([...some(200, 10), ...some(38, 2), 'succeeded', 'failed']);
    expect(grown).toMatchObject({ value: 0.5, windowSize: 40, median: 0.1, sampleSize: 200 });
  });

  test.each<[string, readonly Fate[]]>([
    ['of one that failed', [...runs(200), 'failed']],
    ['of two of five', [...runs(200), 'succeeded', 'failed', 'succeeded', 'succeeded', 'failed']],
    ['where that is usual', some(240, 2)],
    ['where all fail', runs(240, 'failed')],
    ['with fewer than twenty before', [...runs(19), ...runs(5, 'failed')]],
    [
      'where it is enough only as long as one that is under way is not cancelled',
      [...runs(23), 'open', ...runs(4, 'failed')],
    ],
    ['where those before were cancelled', [...runs(200, 'cancelled'), ...runs(5, 'failed')]],
  ])('is not said %s', (_what, fates) => {
    expect(failuresOf(fates)).toBeNull();
  });

  test('is told once, as long as it goes on, and again when it comes back after better times', () => {
    const outage = runs(30, 'failed');
    expect(told([...runs(60), ...outage])).toEqual([63]);
    expect(told([...runs(60), ...outage, ...runs(60), ...outage])).toHaveLength(2);
    expect(told([...runs(60), ...outage, ...runs(3), ...outage])).toHaveLength(1);
  });

  test('is seen of a share that stays as high as it became once, and then is what is usual', () => {
    const places = told([...some(200, 20), ...some(400, 2)]);
    expect(places).toHaveLength(1);
    expect(places[0]).toBeLessThan(240);
  });
});

test('runs that are under way never make it likelier than it is once they have ended', () => {
  const fate = fc.constantFrom<Fate>('succeeded', 'failed', 'open', 'cancelled');
  const few = fc.constantFrom<Fate>(...runs(9), 'failed', 'open');
  const before = fc.oneof(
    fc.array(fate, { minLength: 20, maxLength: 60 }),
    fc.array(few, { minLength: 20, maxLength: 240 }),
  );
  const newest = fc.array(fc.constantFrom<Fate>(...runs(4, 'failed'), 'open', 'succeeded'), { maxLength: 20 });
  const ends = fc.infiniteStream(fc.constantFrom<Fate>('succeeded', 'failed', 'cancelled'));
  fc.assert(
    fc.property(before, newest, ends, (earlier, later, become) => {
      const fates: readonly Fate[] = [...earlier, ...later, 'failed'];
      if (failuresOf(fates) === null) return;
      const ended = fates.map((each) => (each === 'open' ? (become.next().value ?? 'failed') : each));
      expect(failuresOf(ended)).not.toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

test('of runs of one kind no more raise it than is said, at whatever place and share', () => {
  // Every order of so many failed ones is as likely: by the same sequence of numbers each time.
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (const share of [0.05, 0.3]) {
    const fates = Array.from({ length: 5_000 }, (): Fate => (random() < share ? 'failed' : 'succeeded'));
    expect(told(fates).length, `${share}`).toBeLessThanOrEqual(5);
  }
});
