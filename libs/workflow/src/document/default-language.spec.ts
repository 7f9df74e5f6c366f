import { expect, test } from 'vitest';
import type { RunEvent } from '../events/run-event.js';
import { evolve } from '../evolve.js';
import { fromSnapshot, isSnapshotOf, toSnapshot } from '../state/run-snapshot.js';
import { initialState } from '../state/run-state.js';
import { documentOf, scenario, task } from '../testing/scenario.js';
import { documentAsMeant } from './default-language.js';

const processor = { StartAt: 'Work', States: { Work: task() } };
const States = {
  Each: {
    Type: 'Map',
    QueryLanguage: 'JSONata',
    Items: '{% $states.input.list %}',
    ItemProcessor: processor,
    End: true,
  },
};
const document = { ...documentOf(States), definition: { StartAt: 'Each', States } };

async function started() {
  const run = scenario(document);
  await run.start({ list: [1] });
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  return { run, state };
}
const begun = (events: readonly RunEvent[]): RunEvent & { type: 'RunStarted' } => {
  const [first] = events;
  if (first?.type !== 'RunStarted') throw new Error('no start');
  return first;
};

test('a run says by which rule its document is to be read, where it matters', async () => {
  const { run, state } = await started();
  expect(begun(run.log()).data.defaultLanguage).toBe('of the machine');
  expect(state.document).toEqual(document);
  const other = scenario(documentOf({ Work: task() }));
  await other.start();
  expect(begun(other.log()).data).not.toHaveProperty('defaultLanguage');
});

test('a log from before the rule is read as it was meant', async () => {
  const { run } = await started();
  const { defaultLanguage: _newer, ...data } = begun(run.log()).data;
  const state = evolve(initialState, { type: 'RunStarted', data });
  expect(state).toMatchObject({
    document: { definition: { States: { Each: { ItemProcessor: { QueryLanguage: 'JSONata' } } } } },
  });
});

test('a snapshot keeps the meaning of its document, whether it is of today or from before', async () => {
  const { state } = await started();
  const copy = toSnapshot(state);
  expect(fromSnapshot(copy).document).toEqual(document);
  expect(isSnapshotOf(state, copy)).toBe(true);
  const { defaultLanguage: _newer, ...before } = copy;
  const old = { ...state, document: documentAsMeant(document, undefined) };
  expect(fromSnapshot(before).document).toEqual(old.document);
  expect(isSnapshotOf(old, before)).toBe(true);
  expect(isSnapshotOf(state, before)).toBe(false);
});
