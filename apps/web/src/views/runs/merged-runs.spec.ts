import { describe, expect, it } from 'vitest';
import { heldOrder, mergedRuns, type Run } from './merged-runs.js';

const run = (runId: string, second: number, status: Run['status'] = 'running'): Run => ({
  runId,
  status,
  startedAt: new Date(second * 1_000).toISOString(),
  ...({} as Omit<Run, 'runId' | 'status' | 'startedAt'>),
});
const ids = (runs: readonly Run[]): string => runs.map(({ runId }) => runId).join('');

describe('a list that goes on', () => {
  const loaded = [run('d', 4), run('c', 3), run('b', 2), run('a', 1)];

  it('has new runs at its top, and what is known of those it had', () => {
    const merged = mergedRuns(loaded, [{ after: null, runs: [run('e', 5), run('d', 4, 'failed')], isLast: false }]);
    expect(ids(merged)).toBe('edcba');
    expect(merged[1]?.status).toBe('failed');
  });

  it('has no run any more that does not fit, where that was asked for again', () => {
    expect(ids(mergedRuns(loaded, [{ after: null, runs: [run('d', 4), run('b', 2)], isLast: false }]))).toBe('dba');
    expect(ids(mergedRuns(loaded, [{ after: null, runs: [run('d', 4)], isLast: true }]))).toBe('d');
  });

  it('keeps what comes before and after the part that was asked for', () => {
    const page = { after: run('d', 4), runs: [run('b', 2)], isLast: false };
    expect(ids(mergedRuns(loaded, [page]))).toBe('dba');
  });

  it('keeps everything where a page under a filter is empty and not the last', () => {
    expect(ids(mergedRuns(loaded, [{ after: null, runs: [], isLast: false }]))).toBe('dcba');
  });

  it('orders runs of one moment by their ids, as the gateway does', () => {
    expect(ids(mergedRuns([run('a', 1), run('b', 1)], []))).toBe('ba');
  });
});

describe('the order under a pointer', () => {
  it('stays as it is, while what is new waits', () => {
    expect(heldOrder(['c', 'b', 'a'], ['e', 'd', 'c', 'a'])).toEqual({ order: ['c', 'b', 'a'], waiting: 2 });
  });

  it('goes on at its end', () => {
    expect(heldOrder(['c', 'b'], ['c', 'b', 'a'])).toEqual({ order: ['c', 'b', 'a'], waiting: 0 });
  });

  it('holds nothing where nothing is left of it', () => {
    expect(heldOrder(['c'], ['b', 'a'])).toEqual({ order: ['b', 'a'], waiting: 0 });
    expect(heldOrder([], ['b'])).toEqual({ order: ['b'], waiting: 0 });
  });
});
