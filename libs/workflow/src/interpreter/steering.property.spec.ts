import type { Json, JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { WorkflowDocument } from '../document/workflow-document.js';
import { machineArbitrary } from '../testing/arbitrary-definition.js';
import { HUB, type Scenario, scenario } from '../testing/scenario.js';

const isLong = inject('effort') === 'long';

/*
 * Everything that can happen to a run from outside, in any order, on any definition: results, deadlines, advice of all
 * kinds, people, signals, children, pauses, retries, budgets that run out.
 */

const RESOURCES = ['baton:worker:any', 'baton:approval', 'baton:signal:go', 'baton:workflow:other'];

/** Gives the tasks of a definition other resources than a worker, by the numbers given. */
function withResources(machine: JsonObject, picks: readonly number[]): JsonObject {
  let at = 0;
  const text = JSON.stringify(machine).replaceAll('"baton:worker:any"', () => {
    at += 1;
    return JSON.stringify(RESOURCES[(picks[at % picks.length] ?? 0) % RESOURCES.length]);
  });
  return JSON.parse(text);
}

const scene = fc.record({
  machine: machineArbitrary('S', 1),
  picks: fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3), { minLength: 3, maxLength: 9 }),
  mode: fc.constantFrom('programmatic', 'llm', 'hybrid', 'shadow'),
  budget: fc.constantFrom<JsonObject>({}, { usd: 1 }, { tokens: 50, usd: 3 }, { wallClock: 'PT1M' }),
  recovery: fc.constantFrom<JsonObject>({}, { recovery: { strategies: ['same', 'extended_timeout'], most: 2 } }),
  hasPhases: fc.boolean(),
  steps: fc.array(
    fc.record({
      pick: fc.nat(),
      does: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('succeed' as const, 'advise' as const) },
        { weight: 3, arbitrary: fc.constantFrom('fail' as const, 'expire' as const, 'fall silent' as const) },
        { weight: 3, arbitrary: fc.constantFrom('signal' as const, 'pause' as const, 'resume' as const) },
        { weight: 1, arbitrary: fc.constantFrom('retry' as const, 'cancel' as const) },
      ),
      decision: fc.constantFrom('approve' as const, 'reject' as const, 'request-changes' as const),
      move: fc.constantFrom('go:S1', 'go:S0', 'human', 'fail', 'retry:same', 'catch:1', 'raise', 'nonsense'),
      costUsd: fc.constantFrom(0, 0.1, 0.6, null),
    }),
    { minLength: 10, maxLength: 40 },
  ),
});
type Step = typeof scene extends fc.Arbitrary<infer T> ? (T extends { steps: (infer S)[] } ? S : never) : never;

/** Where a run goes on, something is on its way for each of its frames. */
function checkNothingHangs(run: Scenario): void {
  const state = run.state();
  if (state.status === 'new') throw new Error('the run did not begin');
  if (state.status !== 'running') {
    // Advice in shadow may still come.
    expect([state.frames.size, state.visits.size, state.commands.size]).toEqual([0, 0, 0]);
    return;
  }
  if (state.isPaused) return;
  const hasReserved = [...state.commands.values()].some(({ budget }) => budget !== null);
  for (const frame of state.frames.values()) {
    const visit = state.visits.get(frame.visit ?? -1);
    const open = [...(visit?.branches.values() ?? [])].filter((branch) => state.frames.has(branch));
    const waitsForBudget = visit?.pending?.type === 'budget' && hasReserved;
    const waits = (visit !== undefined && visit.command !== null) || open.length > 0 || waitsForBudget;
    expect(waits, `frame ${frame.frame} in ${visit?.state} waits for something`).toBe(true);
  }
}

async function play(run: Scenario, step: Step): Promise<void> {
  const { pick, does, decision, move, costUsd } = step;
  if (does === 'signal') return void (await run.signal('go', pick));
  if (does === 'pause') return void (await run.pause());
  if (does === 'resume') return void (await run.resume());
  if (does === 'cancel') return void (await run.cancel());
  if (does === 'retry') {
    if (run.state().status === 'failed') await run.retry();
    return;
  }
  const open = run.open();
  const row = open[pick % Math.max(1, open.length)];
  if (row === undefined) return;
  const { commandId, name, queue } = row;
  const usage = { inputTokens: 5, outputTokens: 5, costUsd };
  if (does === 'fall silent') return void (await run.when({ type: 'ExpireCommand', commandId, isSilent: true }));
  if (does === 'expire' || name === 'timer') {
    if (row.deadline !== null) run.passUntil(row.deadline);
    await run.when({ type: 'ExpireCommand', commandId });
    return;
  }
  if (name === 'approval') {
    await run.when({ type: 'DecideApproval', requestId: 'r', approvalId: commandId, decision, comment: 'c', move });
    return;
  }
  const actor = name === 'run' ? HUB : { type: 'agent' as const, id: 'worker' };
  if (does === 'fail') {
    const failed = { error: 'Weather', cause: 'rain', retryable: true, usage };
    await run.when({ type: 'FailTask', commandId, ...failed }, actor);
    return;
  }
  const advice: Json = { move, rationale: 'r', confidence: 0.5, concerns: [] };
  const output = queue === 'worker-advisor' ? advice : pick % 5;
  await run.when({ type: 'CompleteTask', commandId, output, usage }, actor);
}

test('whatever happens to a run from outside, it waits for something it names, or has ended', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ machine, picks, mode, budget, recovery, hasPhases, steps }) => {
      const definition = withResources({ QueryLanguage: 'JSONata', ...machine }, picks);
      const choices = Object.entries(JSON.parse(JSON.stringify(machine.States))).flatMap(([name, state]) =>
        JSON.stringify(state).includes('"Type":"Choice"') && JSON.stringify(state).startsWith('{"Type":"Choice"')
          ? [name]
          : [],
      );
      const document = WorkflowDocument.parse({
        name: 'test',
        version: '1.0.0',
        title: 'Test',
        definition,
        ...(Object.keys(budget).length === 0 ? {} : { budget }),
        ...(hasPhases
          ? {
              phases: [
                { name: 'one', states: ['S0'] },
                { name: 'two', states: ['S1'] },
              ],
            }
          : {}),
        decisions: { mode, ...recovery, at: choices.map((state) => ({ state, phase: 'one', round: '{% 1 %}' })) },
      });
      const run = scenario(document, false);
      await run.start({ from: 'property', a: [1, 2] });
      if (run.eventsOf('FrameStarted').length === 0) return;
      checkNothingHangs(run);
      for (const step of steps) {
        await play(run, step);
        checkNothingHangs(run);
      }
      run.checkLog();
    }),
    { numRuns: isLong ? 120 : 40, interruptAfterTimeLimit: 45_000 },
  );
});
