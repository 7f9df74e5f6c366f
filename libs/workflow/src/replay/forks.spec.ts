import { expect, test } from 'vitest';
import { changedCut } from '../cuts/changed-cut.js';
import { cutAt } from '../cuts/run-cut.js';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import type { RunOrder } from '../orders.js';
import { fromSnapshot, RunSnapshot, toSnapshot } from '../state/run-snapshot.js';
import { type CutChanges, initialState, type RunCut } from '../state/run-state.js';
import { recordedAs } from '../testing/recorded-as.js';
import { documentOf, RUN_ID, START_MS, scenario, task } from '../testing/scenario.js';
import { eventIn, type RecordedFact } from './recorded-fact.js';
import { RunReplay } from './run-replay.js';

const FORK_ID = '0123abcd-0000-4000-8000-00000000f0f0';
const USER = { type: 'user', id: 'tester' } as const;
const sealed = (run: string, box: string) => ({ $sealed: { key: 'k1', run, box } });

async function source() {
  const run = scenario(documentOf({ A: task({ Assign: { n: '{% $states.result %}' }, Next: 'B' }), B: task() }));
  await run.start({ who: sealed(RUN_ID, 'one') });
  await run.succeed('A', 7);
  await run.fail('B', 'Broken', 'no', false);
  return run;
}

/** The log of a fork that goes on after an event of the source. @param reseal as the hub seals what is personal anew */
async function forkOf(
  facts: readonly RecordedFact[],
  at: number,
  { changed, reseal = (cut) => cut }: { readonly changed?: CutChanges; readonly reseal?: (cut: RunCut) => RunCut } = {},
): Promise<readonly RecordedFact[]> {
  const cut = cutAt(facts.slice(0, at).map(eventIn));
  if (cut === null) throw new Error('there is nothing to go on from');
  const given = changed === undefined ? { ok: true as const, cut } : changedCut(cut, changed);
  if (!given.ok) throw new Error(given.reason);
  const from = { runId: RUN_ID, version: cut.version };
  const about = { requestId: 'fork', runId: FORK_ID, from, changed, labels: {} };
  const order: RunOrder = { type: 'ForkRun', cut: reseal(given.cut), ...about };
  const events = await decide(initialState, order, { nowMs: START_MS, actor: USER });
  const state = events.reduce(evolve, initialState);
  return recordedAs(events, order, USER, { nowMs: START_MS, before: 0, state });
}

async function problemOf(fork: readonly RecordedFact[], facts: readonly RecordedFact[]): Promise<string | null> {
  const read = async (_: string, toVersion: number) => ({ events: facts.slice(0, toVersion).map(eventIn), before: 0 });
  const replay = new RunReplay(FORK_ID, { read });
  return ((await replay.take(fork)) ?? (await replay.finish()))?.problem ?? null;
}

test('a fork is decided again from the log of the run that it comes from, wherever it begins', async () => {
  const facts = (await source()).facts();
  for (let at = 2; at <= facts.length; at += 1)
    expect(await problemOf(await forkOf(facts, at), facts), `${at}`).toBeNull();
});

test('a fork with a variable of its own is, too; with one that it does not name it is found', async () => {
  const facts = (await source()).facts();
  const at = facts.findIndex(({ type }) => type === 'StateExited') + 1;
  const fork = await forkOf(facts, at, { changed: { set: { n: 8 } } });
  expect(await problemOf(fork, facts)).toBeNull();
  const forged = fork.map((fact) => ({
    ...fact,
    dataText: fact.dataText.replace('"changed":{"set":{"n":8}}', '"changed":{"set":{"n":9}}'),
  }));
  expect(await problemOf(forged, facts)).toContain('RunForked');
});

test('a fork of a run that is not there is found', async () => {
  const facts = (await source()).facts();
  expect(await problemOf(await forkOf(facts, 5), [])).toContain('leads to a RunForked');
});

test('what is sealed for the fork alone is held to its key, and not to its bytes', async () => {
  const facts = (await source()).facts();
  const moved = (key: string) => (cut: RunCut) => {
    const text = JSON.stringify(toSnapshot(cut.state));
    const anew = text.replaceAll(
      JSON.stringify(sealed(RUN_ID, 'one')),
      JSON.stringify({ $sealed: { key, run: FORK_ID, box: 'two' } }),
    );
    return { ...cut, state: fromSnapshot(RunSnapshot.parse(JSON.parse(anew))) };
  };
  const fork = await forkOf(facts, 5, { reseal: moved('k1') });
  expect(fork[0]?.dataText).toContain('"box":"two"');
  expect(await problemOf(fork, facts)).toBeNull();
  expect(await problemOf(await forkOf(facts, 5, { reseal: moved('k2') }), facts)).toContain('RunForked');
});
