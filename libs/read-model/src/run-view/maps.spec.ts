import type { Json } from '@baton/contracts';
import type { RunEvent } from '@baton/workflow';
import { describe, expect, test } from 'vitest';
import { document, RUN_ID, runStarted } from '../testing/events.js';
import { evolveRunView } from './evolve-run-view.js';
import type { RunFold } from './run-fold.js';
import { fromStored, toStored } from './stored-fold.js';
import { viewOf } from './view-of.js';

const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      Items: [1],
      ItemProcessor: {
        StartAt: 'Plan',
        States: {
          Plan: { Type: 'Task', Resource: 'baton:worker:planner', Next: 'Twice' },
          Twice: {
            Type: 'Parallel',
            Branches: [{ StartAt: 'Look', States: { Look: { Type: 'Task', Resource: 'baton:worker:x', End: true } } }],
            Next: 'Note',
          },
          Note: { Type: 'Pass', End: true },
        },
      },
      End: true,
    },
  },
};
const started = runStarted({ document: { ...document, definition } });

/** Folds events a second apart; each fold goes through its row, as between two pages. */
function view(...events: readonly RunEvent[]) {
  let fold: RunFold | null = null;
  for (const [index, event] of events.entries()) {
    const recordedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
    const next: RunFold = evolveRunView(fold, event, {
      runId: RUN_ID,
      position: index + 1,
      version: index + 1,
      recordedAt,
    });
    fold = fromStored(JSON.parse(JSON.stringify(toStored(next))));
  }
  if (fold === null) throw new Error('no events');
  return viewOf(fold);
}

const entered = (visit: number, state: string, frame = 0): RunEvent => ({
  type: 'StateEntered',
  data: { visit, frame, state },
});
const mapped = (visit: number, items: readonly Json[]): RunEvent => ({
  type: 'MapStarted',
  data: { visit, items: [...items], maxConcurrency: 0, toleratedCount: 1, toleratedPercentage: null },
});
const began = (frame: number, visit: number, branch: number, input: Json): RunEvent => ({
  type: 'FrameStarted',
  data: { frame, parent: { visit, branch }, machine: '', input },
});
const failed = (visit: number, cause = 'c'): RunEvent => ({ type: 'StateFailed', data: { visit, error: 'E', cause } });
const aborted = (frame: number): RunEvent => ({ type: 'FrameAborted', data: { frame, reason: 'r' } });
const ended = (frame: number): RunEvent => ({ type: 'FrameEnded', data: { frame, output: 1 } });
const exited = (visit: number): RunEvent => ({
  type: 'StateExited',
  data: { visit, output: 1, assign: {}, next: null },
});

const inMap = [
  started,
  entered(1, 'Each'),
  mapped(1, [{ name: 'a' }, 'b', 3, null]),
  began(1, 1, 0, { name: 'a' }),
  began(2, 1, 1, 'b'),
];

describe('a Map', () => {
  test('says how many of its items run, and of how many', () => {
    expect(view(...inMap).maps).toEqual([
      {
        state: 'Each',
        item: null,
        total: 4,
        running: 2,
        succeeded: 0,
        failed: 0,
        cancelled: 0,
        startedAt: '2026-01-01T00:00:02.000Z',
        endedAt: null,
        failures: [],
      },
    ]);
  });

  test('that reads its items says how many there are, and with batches how many of those, as they begin', () => {
    const read = { sha256: 'c'.repeat(64), count: 5, pages: 2 };
    const data = {
      visit: 1,
      items: [],
      source: read,
      maxConcurrency: 0,
      toleratedCount: null,
      toleratedPercentage: null,
    };
    const begun = [started, entered(1, 'Each'), { type: 'MapStarted' as const, data }];
    const parent = { visit: 1, branch: 0 };
    const batch = { type: 'FrameStarted' as const, data: { frame: 1, parent, machine: '', input: {}, items: 3 } };
    expect(view(...begun).maps).toMatchObject([{ total: 5, running: 0 }]);
    expect(view(...begun, batch).maps).toMatchObject([{ total: 3, running: 1 }]);
  });

  test('tells which items failed, by place and name, and of what', () => {
    const shown = view(...inMap, entered(2, 'Plan', 2), failed(2), aborted(2), ended(1));
    expect(shown.maps).toMatchObject([
      {
        running: 0,
        succeeded: 1,
        failed: 1,
        cancelled: 0,
        failures: [{ index: 1, name: 'b', error: 'E', cause: 'c' }],
      },
    ]);
  });

  test('tells apart an item that failed from one that was given up because of it', () => {
    const shown = view(...inMap, entered(2, 'Plan', 1), failed(2), aborted(1), aborted(2));
    expect(shown.maps).toMatchObject([{ failed: 1, cancelled: 1, failures: [{ index: 0, name: 'a' }] }]);
  });

  test('is at its end when its state is left', () => {
    const shown = view(...inMap, ended(1), ended(2), exited(1));
    expect(shown.maps).toMatchObject([{ succeeded: 2, endedAt: '2026-01-01T00:00:07.000Z' }]);
  });

  test('cuts a long cause, and keeps the first twenty failures', () => {
    const items = Array.from({ length: 30 }, (_, index) => index);
    const events = items.flatMap((index) => [
      began(index + 1, 1, index, index),
      entered(index + 2, 'Plan', index + 1),
      failed(index + 2, 'x'.repeat(10_000)),
      aborted(index + 1),
    ]);
    const [map] = view(started, entered(1, 'Each'), mapped(1, items), ...events).maps;
    expect(map).toMatchObject({ failed: 30 });
    expect(map?.failures).toHaveLength(20);
    expect(map?.failures[0]?.cause).toHaveLength(501);
  });

  test('shows which item a step is about, also inside a Parallel of the item', () => {
    const shown = view(
      ...inMap,
      entered(2, 'Plan', 1),
      exited(2),
      entered(3, 'Twice', 1),
      began(5, 3, 0, 'x'),
      entered(4, 'Look', 5),
    );
    expect(shown.steps.map(({ state, step, item }) => [state, step, item])).toEqual([
      ['Plan', 1, { index: 0, name: 'a' }],
      ['Look', null, { index: 0, name: 'a' }],
    ]);
  });
});

test('a state without a number is a step where it takes time, also where others have numbers', () => {
  const shown = view(started, entered(1, 'Look'), exited(1), entered(2, 'Note'));
  expect(shown.steps.map(({ state, title, step }) => [state, title, step])).toEqual([['Look', 'Look', null]]);
});
