import type { JsonObject } from '@baton/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAt } from '../cuts/run-cut.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import type { RunEvent } from '../events/run-event.js';
import { documentOf, RUN_ID, readBack, type Scenario, scenario, task } from '../testing/scenario.js';

/*
 * Maps whose tasks have shares of their own, beside one another, under one budget; results, failures, pauses and people in
 * any order.
 */

const retried = { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2 }] };

function mapOf(state: string): JsonObject {
  const sorry = `Sorry${state}`;
  const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: sorry }] };
  const States = {
    [`${state}1`]: task({ ...retried, ...caught, Next: `${state}2` }),
    [`${state}2`]: task({ ...caught }),
    [sorry]: { Type: 'Pass', End: true },
  };
  const map = {
    Type: 'Map',
    Items: `{% $states.input.${state} %}`,
    ItemProcessor: { StartAt: `${state}1`, States },
    End: true,
  };
  return { StartAt: state, States: { [state]: map } };
}

const share = fc.option(fc.integer({ min: 1, max: 130 }), { nil: undefined });
const items = fc.nat(6).map((length) => Array.from({ length }, (_, index) => index));
const scene = fc.record({
  shares: fc.tuple(share, share, share, share),
  lists: fc.record({ A: items, B: items }),
  forkAt: fc.nat(),
  steps: fc.array(
    fc.record({
      pick: fc.nat(),
      does: fc.oneof(
        { weight: 8, arbitrary: fc.constant('succeed' as const) },
        { weight: 3, arbitrary: fc.constant('fail' as const) },
        { weight: 1, arbitrary: fc.constantFrom('pause' as const, 'resume' as const, 'reject' as const) },
      ),
      percent: fc.nat(100),
    }),
    { maxLength: 60 },
  ),
});
type Step = { readonly pick: number; readonly does: string; readonly percent: number };

async function play(run: Scenario, { pick, does, percent }: Step): Promise<void> {
  if (does === 'pause') return void (await run.pause());
  if (does === 'resume') return void (await run.resume());
  const open = run.open();
  const row = open[pick % Math.max(1, open.length)];
  if (row === undefined) return;
  const { commandId, name } = row;
  if (name === 'approval') {
    const decision = does === 'reject' ? 'reject' : 'approve';
    await run.when({ type: 'DecideApproval', requestId: 'r', approvalId: commandId, decision, comment: '' });
    return;
  }
  const state = run.state();
  const granted = state.status === 'new' ? 0 : (state.commands.get(commandId)?.budget?.tokens ?? 0);
  const usage = { inputTokens: Math.floor((granted * percent) / 100), outputTokens: 0, costUsd: null };
  if (does === 'fail') {
    await run.when({ type: 'FailTask', commandId, error: 'Weather', cause: 'rain', retryable: true, usage });
  } else {
    await run.when({ type: 'CompleteTask', commandId, output: null, usage });
  }
}

/** Nobody is let in while somebody waits who came before, and nobody says twice that it waits. */
function checkOrder(log: readonly RunEvent[], before: Iterable<number> = []): void {
  const waiting = new Set(before);
  for (const { type, data } of log) {
    if (type === 'BudgetAwaited') {
      expect(waiting.has(data.visit)).toBe(false);
      waiting.add(data.visit);
    } else if (type === 'TaskScheduled') {
      waiting.delete(data.visit);
      if (data.budget !== undefined) expect(Math.min(data.visit, ...waiting)).toBe(data.visit);
    } else if (type === 'StateFailed' || type === 'StateExited' || type === 'ErrorCaught' || type === 'StateRetried') {
      waiting.delete(data.visit);
    }
  }
  expect(waiting.size).toBe(0);
}

/** Settles whatever is open until nothing is, and every one has been let in. */
async function drain(run: Scenario): Promise<void> {
  for (let at = 0; run.open().length > 0; at += 1) await play(run, { pick: at * 7, does: 'succeed', percent: 50 });
  expect(run.state().status).toBe('succeeded');
}

/** A run that has the state of another after its first events goes on with the same line. */
async function checkFork(run: Scenario, document: WorkflowDocument, events: number): Promise<void> {
  const cut = cutAt(readBack(run.log().slice(0, events)));
  if (cut === null) return;
  const fork = scenario(document, false);
  const runId = '0123abcd-0000-4000-8000-00000000f0f0';
  const from = { runId: RUN_ID, version: cut.version };
  await fork.when({ type: 'ForkRun', requestId: 'fork', runId, from, cut, labels: {} });
  await drain(fork);
  checkOrder(fork.log(), cut.state.waiting.visits);
}

test('everyone who waits for budget is let in in the end, in order, whatever order tasks settle in', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ shares, lists, steps, forkAt }) => {
      const named = ['A1', 'A2', 'B1', 'B2'].flatMap((name, at) => {
        const tokens = shares[at];
        return tokens === undefined ? [] : [[name, { number: at + 1, title: name, budget: { tokens } }]];
      });
      const document = documentOf(
        { Both: { Type: 'Parallel', Branches: [mapOf('A'), mapOf('B')], End: true } },
        { budget: { tokens: 120 }, steps: Object.fromEntries(named) },
      );
      const run = scenario(document, false);
      await run.start(lists);
      for (const each of steps) await play(run, each);
      await run.resume();
      await drain(run);
      checkOrder(run.log());
      run.checkLog();
      await checkFork(run, document, 1 + (forkAt % run.log().length));
    }),
    { numRuns: 60, interruptAfterTimeLimit: 30_000 },
  );
}, 60_000);
