import { decide } from '../decide.js';
import type { WorkflowDocument } from '../document/workflow-document.js';
import type { RunEvent } from '../events/run-event.js';
import { evolve } from '../evolve.js';
import type { OrderMeta, RunOrder } from '../orders.js';
import { initialState, type RunState } from '../state/run-state.js';

/** `median` and `p99` are in `unit`. */
export interface BenchResult {
  readonly name: string;
  readonly unit: 'µs' | 'events';
  readonly median: number;
  readonly p99: number;
  readonly runs: number;
}

const RUN_ID = '00000000-0000-4000-8000-000000000001';
const META: OrderMeta = { nowMs: 1_750_000_000_000, actor: { type: 'system', id: 'bench' } };

/** A task whose result a decision point judges, and which is sent out again: one turn of the wheel of most workflows. */
const DOCUMENT: WorkflowDocument = {
  name: 'bench',
  version: '1.0.0',
  title: 'Task and Choice',
  phases: [{ name: 'plan', states: ['Review', 'Converged'] }],
  decisions: {
    mode: 'programmatic',
    at: [
      {
        state: 'Converged',
        phase: 'plan',
        scores: '{% $review.scores %}',
        round: '{% $round %}',
        maxRounds: '{% $maxRounds %}',
      },
    ],
  },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Prepare',
    States: {
      Prepare: { Type: 'Pass', Assign: { round: 0, maxRounds: 5 }, Next: 'Review' },
      Review: {
        Type: 'Task',
        Resource: 'baton:worker:validator',
        Arguments: { requirements: '{% $states.context.Execution.Input.requirements %}', round: '{% $round %}' },
        TimeoutSeconds: 60,
        Assign: { review: '{% $states.result %}', round: '{% $round + 1 %}' },
        Next: 'Converged',
      },
      Converged: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $review.scores.alignment >= 9 %}', Next: 'Done' }],
        Default: 'Review',
      },
      Done: { Type: 'Succeed' },
    },
  },
};

/**
 * Measures one Task–Choice step: a result comes in, the decision and the next task go out, and every event is folded.
 * @param nowMs a clock with parts of a millisecond, such as `performance.now`
 */
export async function benchDecide(nowMs: () => number, runs = 2_000): Promise<BenchResult[]> {
  const started = await begin();
  const order: RunOrder = {
    type: 'CompleteTask',
    commandId: `${RUN_ID}-1`,
    output: { scores: { alignment: 8.5, standardization: 9 }, issues: [] },
  };
  const samples: number[] = [];
  for (let i = -200; i < runs; i += 1) {
    const before = nowMs();
    fold(started, await decide(started, order, META));
    // The first rounds warm up the compiler.
    if (i >= 0) samples.push((nowMs() - before) * 1000);
  }
  samples.sort((a, b) => a - b);
  const at = (part: number): number => samples[Math.min(samples.length - 1, Math.floor(samples.length * part))] ?? 0;
  return [{ name: 'decide and fold a Task–Choice step', unit: 'µs', median: at(0.5), p99: at(0.99), runs }];
}

async function begin(): Promise<RunState> {
  const submission = { requestId: 'bench', workflow: 'bench', input: { requirements: 'measure' }, runId: RUN_ID };
  return fold(
    initialState,
    await decide(initialState, { type: 'StartRun', submission, document: DOCUMENT, sha256: '' }, META),
  );
}

const fold = (state: RunState, events: readonly RunEvent[]): RunState => events.reduce(evolve, state);
