import { describe, expect, test } from 'vitest';
import { outcomeLines, type Reading, spreadOf, verdicts } from './outcome.js';
import { type EngineId, figureOf, POINTS } from './points.js';

/** The values of an engine at a point, a round each. */
const rounds = (point: string, engine: EngineId, values: readonly number[]): readonly Reading[] =>
  values.map((value, index) => ({ round: index + 1, point, engine, value }));

const point = (id: string) => {
  const found = POINTS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no point ${id}`);
  return found;
};

describe('a figure', () => {
  const outcome = { runs: 50, seconds: 2, latenciesMs: [1, 2, 3, 40] };

  test('is the median latency, runs a second or steps a second, as its point has it', () => {
    expect(figureOf(point('c1x3'), outcome)).toBe(2);
    expect(figureOf(point('c16x3'), outcome)).toBe(25);
    expect(figureOf(point('c32x5'), outcome)).toBe(125);
  });

  test('is none where no run ended in time', () => {
    const none = { runs: 0, seconds: 2, latenciesMs: [] };
    expect(POINTS.map((each) => figureOf(each, none))).toEqual(POINTS.map(() => Number.NaN));
  });
});

describe('a spread', () => {
  test('is the median and the extremes, and none of no value', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(spreadOf([5])).toEqual({ median: 5, min: 5, max: 5 });
    expect(spreadOf([])).toBeNull();
    expect(spreadOf([Number.NaN])).toBeNull();
  });
});

describe('a target', () => {
  test('of throughput is met by as much as is wanted of the best peer, and no less', () => {
    const peers = [...rounds('c16x3', 'dbos', [400, 400, 400]), ...rounds('c16x3', 'restate', [300, 420, 200])];
    const [met] = verdicts([...peers, ...rounds('c16x3', 'baton-redis', [510, 500, 490])]);
    expect(met).toMatchObject({ peer: 'dbos', ratio: 1.25, isMet: true });
    const [missed] = verdicts([...peers, ...rounds('c16x3', 'baton-redis', [499, 499, 499])]);
    expect(missed).toMatchObject({ isMet: false });
  });

  test('of latency is met by whoever is no slower', () => {
    const restate = rounds('c1x3', 'restate', [8, 8, 8]);
    expect(verdicts([...restate, ...rounds('c1x3', 'baton-redis', [8, 8, 8])])).toMatchObject([{ isMet: true }]);
    expect(verdicts([...restate, ...rounds('c1x3', 'baton-redis', [9, 9, 9])])).toMatchObject([{ isMet: false }]);
    // Half as slow again is what is wanted on Postgres alone.
    expect(verdicts([...restate, ...rounds('c1x3', 'baton-postgres', [12, 12, 12])])).toMatchObject([{ isMet: true }]);
  });

  test('shows the ratios of single rounds, in which both had the same machine', () => {
    const [verdict] = verdicts([
      ...rounds('c32x5', 'restate', [1000, 2000, 1500]),
      ...rounds('c32x5', 'baton-redis', [500, 3000, 1500]),
    ]);
    expect(verdict).toMatchObject({ ratio: 1, min: 0.5, max: 1.5 });
  });

  test('is left open where one of its peers was not measured', () => {
    const some = [...rounds('c16x3', 'dbos', [100]), ...rounds('c16x3', 'baton-redis', [1000])];
    expect(verdicts(some)).toEqual([]);
    expect(verdicts(rounds('c16x3', 'baton-redis', [1000]))).toEqual([]);
  });
});

test('the table has a row a point that was measured, a column an engine, and a dash where one takes no part', () => {
  const lines = outcomeLines(
    [
      ...rounds('c32x5', 'baton-redis', [1500, 2200, 2100]),
      ...rounds('c32x5', 'restate', [2000, 2000, 2000]),
      ...rounds('n8x5', 'baton-redis', [90, 91, 92]),
    ],
    ['baton-redis', 'restate'],
  );
  expect(lines).toEqual([
    'median (least–greatest)                  Baton, Redis           Restate',
    '32 runs at a time, 5 steps, steps/s  2100 (1500–2200)  2000 (2000–2000)',
    '8 runs at a time, 5 nodes, steps/s   91.0 (90.0–92.0)                 –',
    '',
    'Targets',
    '  met     Baton, Redis: 32 runs at a time, 5 steps: 1.05 × Restate (0.75–1.10), wanted at least 1',
  ]);
});
