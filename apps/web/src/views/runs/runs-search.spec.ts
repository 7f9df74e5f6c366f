import { describe, expect, it } from 'vitest';
import { PRESETS, presetOf, queryOf, RunsSearch } from './runs-search.js';
import { daysOf, rangeOf } from './time-range.js';

const NOW = new Date(2026, 10, 28, 13, 30).getTime();

describe('what stands in the address', () => {
  it('is left out where it is not understood', () => {
    const search = {
      status: 'done',
      label: 'red',
      text: '***',
      began: 'once',
      ended: '..',
      cost: -1,
      waits: 'x',
      view: 'y',
    };
    expect(RunsSearch.parse(search)).toEqual({});
  });

  it('is what the gateway is asked with', () => {
    const search = RunsSearch.parse({
      status: 'failed',
      label: 'team=a=b',
      text: 'csv',
      cost: 0.1 + 0.2,
      waits: 'approval',
    });
    expect(queryOf(search, NOW)).toEqual({
      status: 'failed',
      label: ['team=a=b'],
      text: 'csv',
      minCostUsd: 0.3,
      waitingFor: 'approval',
    });
  });

  it('is a preset, or none', () => {
    for (const { title, search } of PRESETS) expect(presetOf(RunsSearch.parse(search))).toBe(title);
    expect(presetOf({ status: 'failed' })).toBeUndefined();
  });
});

describe('a range of time', () => {
  it('is as long ago as it says', () => {
    expect(rangeOf('24h', NOW)).toEqual({ after: new Date(NOW - 86_400_000).toISOString() });
    expect(rangeOf('today', NOW)).toEqual({ after: new Date(2026, 10, 28).toISOString() });
  });

  it('may be between two days, with the last of them in it, and open at either end', () => {
    const [after, before] = [new Date(2026, 10, 1).toISOString(), new Date(2026, 10, 6).toISOString()];
    expect(rangeOf('2026-11-01..2026-11-05', NOW)).toEqual({ after, before });
    expect(rangeOf('2026-11-01..', NOW)).toEqual({ after });
    expect(rangeOf('..2026-11-05', NOW)).toEqual({ before });
    expect(daysOf('2026-11-01..')).toEqual({ from: '2026-11-01', to: '' });
  });

  it('is of days of UTC where times are shown so', () => {
    expect(rangeOf('2026-11-01..2026-11-05', NOW, 'utc')).toEqual({
      after: '2026-11-01T00:00:00.000Z',
      before: '2026-11-06T00:00:00.000Z',
    });
    const today = Date.parse('2026-11-28T13:30:00Z');
    expect(rangeOf('today', today, 'utc')).toEqual({ after: '2026-11-28T00:00:00.000Z' });
  });

  it('is none where nothing is said, or no day is', () => {
    for (const text of ['', '..', 'constructor', '2026-02-31..', '2026-13-01..', 'x..y'])
      expect(rangeOf(text, NOW), text).toBeNull();
  });
});
