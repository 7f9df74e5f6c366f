import { DEFAULT_LIMITS, EVALUATE_HERE, type Evaluator } from '@baton/asl';
import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import type { RunOrder } from '../orders.js';
import { initialState, type RunState } from '../state/run-state.js';
import { recordedAs } from '../testing/recorded-as.js';
import { documentOf, RUN_ID, task } from '../testing/scenario.js';
import type { RecordedFact } from './recorded-fact.js';
import { RunReplay } from './run-replay.js';

const NOW_MS = Date.UTC(2026, 10, 27);
const USER = { type: 'user', id: 'tester' } as const;

/** The log of a run that begins and goes on by itself as long as it can, decided with an evaluator of its own. */
async function logOf(States: JsonObject, evaluator: Evaluator): Promise<readonly RecordedFact[]> {
  const document = documentOf(States);
  const submission = { requestId: 'request-1', workflow: document.name, input: {}, runId: RUN_ID };
  const facts: RecordedFact[] = [];
  let state: RunState = initialState;
  let order: RunOrder | null = { type: 'StartRun', submission, document, sha256: 'ab'.repeat(32) };
  for (let turn = 0; order !== null && turn < 10; turn += 1) {
    const nowMs = NOW_MS + turn * 3_000;
    const events = await decide(state, order, { nowMs, actor: USER, evaluator });
    state = events.reduce(evolve, state);
    const teller = order.type === 'StartRun' ? USER : ({ type: 'system', id: 'orchestrator' } as const);
    facts.push(...recordedAs(events, order, teller, { nowMs, before: facts.length, state }));
    const left = state.status === 'running' ? state.unfinished : null;
    order = left === null ? null : { type: 'ExpireCommand', commandId: left.commandId };
  }
  return facts;
}

async function problemOf(facts: readonly RecordedFact[]): Promise<string | null> {
  const replay = new RunReplay(RUN_ID, { read: async () => ({ events: [], before: 0 }) });
  return ((await replay.take(facts)) ?? (await replay.finish()))?.problem ?? null;
}

const SENTENCE = "The field 'Output' was stopped: its expressions took longer than 1000 ms. Let it work on less data.";
const stopped: Evaluator = {
  ...EVALUATE_HERE,
  template: async (template, scope, field, limits) =>
    field === 'Output'
      ? { ok: false, error: 'States.QueryEvaluationError', problem: SENTENCE, steps: DEFAULT_LIMITS.maxSteps }
      : EVALUATE_HERE.template(template, scope, field, limits),
};
const Slow = { Type: 'Pass', Assign: { n: 1 }, Output: '{% 1 + 1 %}', Next: 'After' };

test('an expression that a clock ended is not evaluated again: the log says how that came out', async () => {
  const facts = await logOf({ Slow, After: task() }, stopped);
  expect(facts.at(-1)).toMatchObject({ type: 'RunFailed', dataText: expect.stringContaining('was stopped') });
  expect(await problemOf(facts)).toBeNull();
});

test('what the log only says is a stop, and was none, is found: nothing else of it fits', async () => {
  const facts = await logOf({ Slow, After: task() }, EVALUATE_HERE);
  const forged = facts.map((fact) =>
    fact.type === 'TaskScheduled'
      ? { ...fact, dataText: fact.dataText.replace('"arguments":2', `"arguments":"${SENTENCE}"`) }
      : fact,
  );
  expect(await problemOf(facts)).toBeNull();
  expect(forged).not.toEqual(facts);
  expect(await problemOf(forged)).not.toBeNull();
});

test('a turn ends where the log says that it had done enough, however fast this machine is', async () => {
  // As much as an expression counts for the time of a thread, at most.
  const slowly: Evaluator = {
    ...EVALUATE_HERE,
    template: async (...asked) => ({ ...(await EVALUATE_HERE.template(...asked)), steps: 990 }),
  };
  const passes = Array.from({ length: 50 }, (_, at): [string, JsonObject] => [
    `S${at}`,
    { Type: 'Pass', Assign: { n: `{% ${at} + 1 %}` }, Next: at === 49 ? 'After' : `S${at + 1}` },
  ]);
  const facts = await logOf({ ...Object.fromEntries(passes), After: task() }, slowly);
  expect(facts.filter(({ type }) => type === 'TurnYielded').length).toBeGreaterThan(1);
  expect(await problemOf(facts)).toBeNull();
  const without = facts
    .filter(({ type }) => type !== 'TurnYielded')
    .map((fact, at) => ({ ...fact, version: at + 1, position: at + 1 }));
  expect(await problemOf(without)).not.toBeNull();
});
