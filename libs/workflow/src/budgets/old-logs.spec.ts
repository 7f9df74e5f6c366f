import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import budgets from '../../golden/budgets.v1.json?raw';
import waiters from '../../golden/waiters.v1.json?raw';
import { differencesOf } from '../backtest/replay-decisions.js';
import { decide } from '../decide.js';
import type { RunEvent } from '../events/run-event.js';
import { upcast } from '../events/upcast.js';
import { evolve } from '../evolve.js';
import type { RunOrder } from '../orders.js';
import { isSnapshotOf } from '../state/run-snapshot.js';
import { initialState, type RunState, type StartedRun } from '../state/run-state.js';
import { stateToJson } from '../state/state-to-json.js';
import { HUB } from '../testing/scenario.js';

/*
 * `waiters`: logs of a time when every task that was settled woke all that waited for budget, and money was a double.
 * `budgets`: one of today. `states` are what the program that wrote them made of their events.
 */

const RUN_ID = '0123abcd-0000-4000-8000-00000000d011';

const Recorded = z.array(
  z.object({
    name: z.string(),
    events: z.array(z.object({ type: z.string(), schemaVersion: z.int(), data: z.json() })),
    states: z.array(z.object({ at: z.int(), state: z.looseObject({ spent: z.looseObject({ usd: z.number() }) }) })),
  }),
);
const recorded = [waiters, budgets].flatMap((file) => Recorded.parse(JSON.parse(file)));
const logs = recorded.map(({ events, ...rest }) => ({
  ...rest,
  events: events.map(({ type, schemaVersion, data }) => upcast(type, schemaVersion, data)),
}));

const stateAfter = (events: readonly RunEvent[]): StartedRun => startedAfter(events, initialState);

function startedAfter(events: readonly RunEvent[], before: RunState): StartedRun {
  const state = events.reduce(evolve, before);
  if (state.status === 'new') throw new Error('the run did not begin');
  return state;
}

describe.each(logs)('a log with $name', ({ events, states }) => {
  test('gives the states that it gave', () => {
    for (const { at, state } of states) {
      const { spent, ...rest } = state;
      const found = z
        .looseObject({ spent: z.looseObject({ usd: z.number() }) })
        .parse(stateToJson(stateAfter(events.slice(0, at))));
      expect(found).toMatchObject(rest);
      expect({ ...found.spent, usd: 0 }).toEqual({ ...spent, usd: 0 });
      // Each part of a micro-dollar counts as one now.
      expect(found.spent.usd).toBeGreaterThanOrEqual(spent.usd - 1e-9);
      expect(found.spent.usd).toBeLessThanOrEqual(spent.usd + at / 1_000_000);
    }
  });

  test('gives the same from its beginning and from the copy of its state', () => {
    const carry = events.findIndex(({ type }) => type === 'RunContinued');
    const later = stateToJson(stateAfter(events.slice(carry)));
    expect(stateToJson(stateAfter(events))).toEqual(later);
  });

  test('is decided again as it was', async () => {
    const recorded = events.map((event, at) => ({ event, version: at + 1, recordedAt: '2026-11-21T12:00:00.000Z' }));
    expect((await differencesOf(RUN_ID, recorded)).differences).toEqual([]);
  });

  test('goes on from each of these states, and nobody is left waiting', async () => {
    for (const { at } of states) {
      let state = stateAfter(events.slice(0, at));
      for (let first = [...state.commands.keys()][0]; first !== undefined; first = [...state.commands.keys()][0]) {
        const usage = { inputTokens: 1, outputTokens: 0, costUsd: 0.01 };
        const order: RunOrder =
          state.commands.get(first)?.resource === 'baton:approval'
            ? { type: 'DecideApproval', requestId: 'r', approvalId: first, decision: 'approve', comment: '' }
            : { type: 'CompleteTask', commandId: first, output: null, usage };
        const decided = await decide(state, order, { nowMs: Date.UTC(2026, 10, 22), actor: HUB });
        // Whoever waits has said so.
        const said = decided.flatMap(({ type, data }) => (type === 'BudgetAwaited' ? [data.visit] : []));
        const { visits } = state.waiting;
        expect(said.filter((visit) => visits.has(visit))).toEqual([]);
        state = startedAfter(decided, state);
      }
      expect(state.status).toBe('succeeded');
    }
  });

  test('holds a copy that its events give, which no other state passes for', () => {
    const at = events.findIndex(({ type }) => type === 'RunContinued');
    const continued = events[at];
    if (continued?.type !== 'RunContinued') throw new Error('there is no copy');
    const before = stateAfter(events.slice(0, at));
    const { carry } = continued.data;
    expect(isSnapshotOf(before, carry)).toBe(true);
    expect(isSnapshotOf({ ...before, errorCount: before.errorCount + 1 }, carry)).toBe(false);
    // Old ones may be off by what was rounded since, those of today by nothing.
    const off = carry.money === undefined ? before.eventCount + 2 : 1;
    const richer = { ...before.spent, microUsd: before.spent.microUsd + off };
    expect(isSnapshotOf({ ...before, spent: richer }, carry)).toBe(false);
  });
});
