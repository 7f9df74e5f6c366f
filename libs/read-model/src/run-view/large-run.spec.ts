import type { RunEvent } from '@baton/workflow';
import { expect, test } from 'vitest';
import { RUN_ID, runStarted } from '../testing/events.js';
import { evolveRunView } from './evolve-run-view.js';
import { MOST_STEPS, type RunFold } from './run-fold.js';
import { fromStored, toStored } from './stored-fold.js';
import { viewOf } from './view-of.js';

const ITEMS = 10_000;
const PAGE = 500;
const recordedAt = '2026-01-01T00:00:00.000Z';

/** A Map over so many items, all open at once: six events each. */
function* events(count: number): Generator<RunEvent> {
  yield runStarted();
  const items = Array.from({ length: count }, (_, index) => index + 1);
  for (const item of items) {
    yield {
      type: 'FrameStarted',
      data: { frame: item, parent: { visit: 0, branch: item - 1 }, machine: '', input: 1 },
    };
    yield { type: 'StateEntered', data: { visit: item, frame: item, state: 'Plan' } };
    const commandId = `${RUN_ID}-${item}`;
    const task = { arguments: {}, attempt: 1, notBefore: null, deadline: null, heartbeatSeconds: null };
    yield { type: 'TaskScheduled', data: { visit: item, commandId, resource: 'baton:approval', ...task } };
  }
  for (const item of items) {
    yield { type: 'TaskSucceeded', data: { visit: item, commandId: `${RUN_ID}-${item}`, output: 1 } };
    yield { type: 'StateExited', data: { visit: item, output: 1, assign: {}, next: null } };
    yield { type: 'FrameEnded', data: { frame: item, output: 1 } };
  }
}

/** As the projection does it: after each page the fold becomes the text of its row. */
function project(items: number): { readonly last: RunFold; readonly largest: number; readonly texts: Texts } {
  let fold: RunFold | null = null;
  let version = 0;
  let texts: Texts = ['', ''];
  for (const event of events(items)) {
    version += 1;
    fold = evolveRunView(fold, event, { runId: RUN_ID, position: version, version, recordedAt });
    if (version % PAGE !== 0) continue;
    const { view, memory } = toStored(fold);
    const row: Texts = [JSON.stringify(view), JSON.stringify(memory)];
    if (sizeOf(row) > sizeOf(texts)) texts = row;
  }
  if (fold === null) throw new Error('no event');
  return { last: fold, largest: sizeOf(texts), texts };
}

type Texts = readonly [view: string, memory: string];
const sizeOf = ([view, memory]: Texts): number => view.length + memory.length;

test('ten thousand open visits and sixty thousand events fold in less than two seconds, into a small row', () => {
  let projected = project(1);
  expect(() => {
    projected = project(ITEMS);
  }).toComputeWithin(2_000);
  const { last, largest, texts } = projected;
  expect(viewOf(last)).toMatchObject({ version: 6 * ITEMS + 1, currentStates: [], waitingFor: [] });
  expect(last.steps.size).toBe(MOST_STEPS);
  expect(largest).toBeLessThan(600_000);

  const row = { view: JSON.parse(texts[0]), memory: JSON.parse(texts[1]) };
  expect(toStored(fromStored(row))).toEqual(row);
});
