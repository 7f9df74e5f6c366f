import { expect, it } from 'vitest';
import type { Schemas } from '../../../api/api.js';
import { cellsOf, columnsOf } from './cells-of.js';

type Step = Schemas['RunDetail']['steps'][number];
const step = (state: string, change: Partial<Step> = {}): Step => ({
  state,
  step: null,
  item: null,
  title: state,
  agent: null,
  attempt: 1,
  status: 'succeeded',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 10,
  ...change,
});

it('shows a state as its newest visit stands, and how long all took', () => {
  const cells = cellsOf([step('Plan', { status: 'failed' }), step('Code'), step('Plan', { durationMs: 5 })]);
  expect(cells.get('Plan')).toMatchObject({ status: 'succeeded', visits: 2, durationMs: 15 });
  expect(cellsOf([step('Plan'), step('Plan', { status: 'waiting', durationMs: null })]).get('Plan')).toMatchObject({
    status: 'waiting',
    durationMs: null,
  });
});

it('shows the items of a Map by the one that went worst, and waits while one waits', () => {
  const item = (index: number, status: Step['status']) => step('Each', { item: { index, name: null }, status });
  expect(cellsOf([item(0, 'failed'), item(1, 'succeeded')]).get('Each')?.status).toBe('failed');
  expect(cellsOf([item(0, 'failed'), item(0, 'succeeded')]).get('Each')?.status).toBe('succeeded');
  expect(cellsOf([item(0, 'failed'), item(1, 'waiting')]).get('Each')?.status).toBe('waiting');
});

it('has a column for each state that a run came to, in the order of the steps', () => {
  const runs = [
    [step('Other'), step('Code', { step: 2 })],
    [step('Plan', { step: 1 }), step('More')],
  ];
  expect(columnsOf(runs).map(({ state }) => state)).toEqual(['Plan', 'Code', 'Other', 'More']);
});
