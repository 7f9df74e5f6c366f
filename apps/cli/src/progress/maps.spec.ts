import type { Json } from '@baton/contracts';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { events, exited, startedData } from '../testing/events.js';
import { fold, linesFor } from '../testing/folded.js';
import { viewOf } from './view.js';

const started = ['RunStarted', startedData] as const;

describe('a Map', () => {
  const began = (frame: number, branch: number, input: Json) =>
    ['FrameStarted', { frame, parent: { visit: 1, branch }, input }] as const;
  const inItem = (visit: number, frame: number) => ['StateEntered', { visit, frame, state: 'Plan' }] as const;
  const list = events(
    started,
    ['StateEntered', { visit: 1, frame: 0, state: 'Each' }],
    ['MapStarted', { visit: 1, items: ['a', 'b', 'c'] }],
    began(1, 0, 'a'),
    began(2, 1, { name: 'Ada' }),
    inItem(2, 2),
    ['StateFailed', { visit: 2, error: 'E', cause: 'because' }],
    ['FrameAborted', { frame: 2 }],
    ['FrameEnded', { frame: 1 }],
  );

  test('says how far it is, and which item failed of what', () => {
    const [, map] = [...fold(list).maps][0] ?? [];
    expect(map).toMatchObject({ total: 3, done: 2, failed: 1, running: 0, newestFailure: '#1 Ada failed: E: because' });
    expect(linesFor(list).map((line) => line.slice(7))).toEqual([
      expect.stringContaining('started'),
      'Each: 3 items',
      'step 1/2 Initial plan: started',
      'step 1/2 Initial plan: failed after 1.0 s',
      'Each #1 Ada failed: E: because',
      'Each: 1 of 3, 1 failed',
      'Each: 2 of 3, 1 failed',
    ]);
    const view = viewOf(fold(list), { nowMs: 0, columns: 90, colors: pc.createColors(false), notice: null });
    expect(view).toContain('Each #1 Ada failed: E: because');
    expect(view).toContain('Each  2 of 3, 1 failed, 0 running');
  });

  test('that reads its items counts them, and its batches as they begin', () => {
    const read = events(
      started,
      ['StateEntered', { visit: 1, frame: 0, state: 'Each' }],
      ['MapStarted', { visit: 1, items: [], source: { sha256: 'c', count: 5, pages: 1 } }],
      ['FrameStarted', { frame: 1, parent: { visit: 1, branch: 0 }, input: {}, items: 3 }],
      ['FrameStarted', { frame: 2, parent: { visit: 1, branch: 1 }, input: {}, items: 2 }],
      ['FrameEnded', { frame: 1 }],
    );
    const [, map] = [...fold(read).maps][0] ?? [];
    expect(map).toMatchObject({ total: 2, done: 1, running: 1 });
  });

  test('of many items gets a line for each tenth part', () => {
    const items = Array.from({ length: 200 }, (_, index) => index);
    const ends = items.flatMap((index) => [
      began(index + 1, index, index),
      ['FrameEnded', { frame: index + 1 }] as const,
    ]);
    const many = events(
      started,
      ['StateEntered', { visit: 1, frame: 0, state: 'Each' }],
      ['MapStarted', { visit: 1, items }],
      ...ends,
    );
    expect(linesFor(many).filter((line) => /Each: \d+ of/.test(line))).toHaveLength(10);
  });

  test.each([
    [10, 20],
    [11, 0],
  ])('of %i items has %i lines of what their states do, for the lines of the Map tell of many', (count, told) => {
    const items = Array.from({ length: count }, (_, index) => index);
    const each = items.flatMap((index) => [
      began(index + 1, index, index),
      ['StateEntered', { visit: index + 2, frame: index + 1, state: 'One' }] as const,
      exited(index + 2),
      ['FrameEnded', { frame: index + 1 }] as const,
    ]);
    const lines = linesFor(
      events(
        ['RunStarted', { workflow: { name: 'each', version: '1.0.0' }, document: { definition: { States: {} } } }],
        ['StateEntered', { visit: 1, frame: 0, state: 'Each' }],
        ['MapStarted', { visit: 1, items }],
        ...each,
      ),
    );
    expect(lines.filter((line) => /One: (?:started|done)/.test(line))).toHaveLength(told);
    expect(lines.filter((line) => /Each: \d+ of/.test(line))).toHaveLength(10);
  });
});
