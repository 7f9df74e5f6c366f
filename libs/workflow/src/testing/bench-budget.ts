import type { Usage } from '@baton/contracts';
import { decide } from '../decide.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import type { RunEvent } from '../events/run-event.js';
import { evolve } from '../evolve.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { initialState, type RunState } from '../state/run-state.js';
import type { BenchResult } from './bench-decide.js';

const RUN_ID = '00000000-0000-4000-8000-000000000002';
const META: OrderMeta = { nowMs: 1_750_000_000_000, actor: { type: 'system', id: 'bench' } };
const USAGE: Usage = { inputTokens: 5, outputTokens: 5, costUsd: null };

/** A Map under a budget in tokens that leaves room for four of its tasks at once: all others wait for their turn. */
const DOCUMENT: WorkflowDocument = {
  name: 'bench-budget',
  version: '1.0.0',
  title: 'Map under a budget',
  budget: { tokens: 1_000_000 },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Each',
    States: {
      Each: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: {
          StartAt: 'Work',
          States: { Work: { Type: 'Task', Resource: 'baton:worker:planner', End: true } },
        },
        End: true,
      },
    },
  },
};

/**
 * Measures a whole Map whose tasks wait for one another's budget: how many events it writes, and what the step of an item
 * takes. With twice the items the first doubles and the second stays.
 * @param nowMs a clock with parts of a millisecond, such as `performance.now`
 */
export async function benchMapUnderBudget(nowMs: () => number, items: number): Promise<readonly BenchResult[]> {
  const log: RunEvent[] = [];
  const open: string[] = [];
  let state: RunState = initialState;
  const take = async (order: RunOrder): Promise<number> => {
    const before = nowMs();
    const events = await decide(state, order, META);
    state = events.reduce(evolve, state);
    const took = (nowMs() - before) * 1000;
    for (const event of events) {
      log.push(event);
      if (event.type === 'TaskScheduled') open.push(event.data.commandId);
    }
    return took;
  };
  const input = { items: Array.from({ length: items }, (_, index) => index) };
  const submission = { requestId: 'bench', workflow: DOCUMENT.name, input, runId: RUN_ID };
  await take({ type: 'StartRun', submission, document: DOCUMENT, sha256: '' });
  const samples: number[] = [];
  for (let commandId = open.shift(); commandId !== undefined; commandId = open.shift()) {
    samples.push(await take({ type: 'CompleteTask', commandId, output: null, usage: USAGE }));
  }
  samples.sort((a, b) => a - b);
  const at = (part: number): number => samples[Math.min(samples.length - 1, Math.floor(samples.length * part))] ?? 0;
  const of = `Map of ${items} under a budget in tokens`;
  return [
    { name: `${of}: step of an item`, unit: 'µs', median: at(0.5), p99: at(0.99), runs: samples.length },
    { name: `${of}: events`, unit: 'events', median: log.length, p99: log.length, runs: 1 },
  ];
}
