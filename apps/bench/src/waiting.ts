import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@baton/contracts';
import { loopOf, until } from '@baton/test-stack';
import {
  decide,
  evolve,
  initialState,
  parseWorkflowDocument,
  type RunState,
  type WorkflowDocument,
} from '@baton/workflow';
import { BenchStack, queuesOf, type Servers } from './bench-stack.js';
import { type BenchResult, figure, quantile } from './result.js';

/* What a decision costs the hub: to make one, and to wait for somebody else's word. */

const RUN_ID = '00000000-0000-4000-8000-000000000002';
const META = { nowMs: 1_750_000_000_000, actor: { type: 'system', id: 'bench' } } as const;
const SAMPLES = 3_000;
const WARM_UP = 500;
/** Classifying and recording, without the workflow's own expressions for its facts. */
const MOST_MICROSECONDS = 50;

/** A task, and a Choice that sends it out again; `at`: its entry among the decision points. */
function documentWith(at: JsonObject | null): WorkflowDocument {
  const parsed = parseWorkflowDocument({
    name: 'bench-decision',
    version: '1.0.0',
    title: 'A task and a Choice',
    phases: [{ name: 'code', states: ['Review', 'Good', 'Done'] }],
    ...(at === null ? {} : { decisions: { at: [{ state: 'Good', phase: 'code', ...at }] } }),
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'Begin',
      States: {
        Begin: { Type: 'Pass', Assign: { round: 1, maxRounds: 5, thresholds: { alignment: 9 } }, Next: 'Review' },
        Review: {
          Type: 'Task',
          Resource: 'baton:worker:validator',
          Assign: { review: '{% $states.result %}' },
          Next: 'Good',
        },
        Good: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $review.scores.alignment >= $thresholds.alignment %}', Next: 'Done' }],
          Default: 'Review',
        },
        Done: { Type: 'Succeed' },
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.document;
}

const FACTS = {
  scores: '{% $review.scores %}',
  thresholds: '{% $thresholds %}',
  round: '{% $round %}',
  maxRounds: '{% $maxRounds %}',
  failingTools: '{% $review.failing %}',
};

async function waitingForReview(document: WorkflowDocument): Promise<RunState> {
  const submission = { requestId: 'bench', workflow: document.name, input: {}, runId: RUN_ID };
  return (await decide(initialState, { type: 'StartRun', submission, document, sha256: '' }, META)).reduce(
    evolve,
    initialState,
  );
}

/** Makes a decision at a Choice again and again, in turns with the same Choice that is none. */
export async function benchDecision(): Promise<readonly BenchResult[]> {
  const output = { scores: { alignment: 8.5 }, failing: ['tests'] };
  const kinds = { plain: null, bare: {}, full: FACTS };
  const states = {
    plain: await waitingForReview(documentWith(kinds.plain)),
    bare: await waitingForReview(documentWith(kinds.bare)),
    full: await waitingForReview(documentWith(kinds.full)),
  };
  const times: { [kind in keyof typeof kinds]: number[] } = { plain: [], bare: [], full: [] };
  for (let round = -WARM_UP; round < SAMPLES; round += 1) {
    for (const kind of ['plain', 'bare', 'full'] as const) {
      const beganMs = performance.now();
      const events = await decide(states[kind], { type: 'CompleteTask', commandId: `${RUN_ID}-1`, output }, META);
      const took = (performance.now() - beganMs) * 1_000;
      const made = events.filter(({ type }) => type === 'DecisionMade').length;
      if (made !== (kind === 'plain' ? 0 : 1)) throw new Error(`${made} decisions were made at a ${kind} Choice`);
      if (round >= 0) times[kind].push(took);
    }
  }
  const [plain, bare, full] = [measured(times.plain), measured(times.bare), measured(times.full)];
  const adds = bare.median - plain.median;
  if (adds >= MOST_MICROSECONDS) throw new Error(`classifying and recording takes ${adds.toFixed(1)} µs`);
  const name = 'decide a task and a Choice';
  return [
    { name: `${name}, no decision point`, ...plain },
    { name: `${name}, decision point`, ...full },
    { name: 'decision: classify and record', unit: 'µs', median: adds, runs: SAMPLES },
    {
      name: 'decision: with five expressions for its facts',
      unit: 'µs',
      median: full.median - plain.median,
      runs: SAMPLES,
    },
  ];
}

function measured(samples: readonly number[]) {
  const sorted = samples.toSorted((a, b) => a - b);
  return { unit: 'µs', median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), runs: samples.length };
}

/** Waits for a person. */
const APPROVAL = {
  name: 'bench-approval',
  version: '1.0.0',
  title: 'Waits for a person',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Ask',
    States: { Ask: { Type: 'Task', Resource: 'baton:approval', Arguments: { title: 'Well?' }, End: true } },
  },
};

/** Waits for an advisor, of whom there is none. */
const ADVICE = {
  name: 'bench-advice',
  version: '1.0.0',
  title: 'Waits for advice',
  phases: [{ name: 'all', states: ['Good', 'Done'] }],
  decisions: { mode: 'llm', advice: { timeoutSeconds: 86_400 }, at: [{ state: 'Good', phase: 'all' }] },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Good',
    States: {
      Good: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Done' }], Default: 'Done' },
      Done: { Type: 'Succeed' },
    },
  },
};

const STEPS = 20;
const SWEPT_AFTER_MS = 21_000;

export interface WaitingBench extends Servers {
  readonly rounds: number;
  readonly runs: number;
  /** How many runs wait, half for advice and half for a person. */
  readonly waiting: number;
}

/** Throughput of busy runs with and without others that wait for a word, in turns, each on a stack of its own. */
export async function benchWaiting(options: WaitingBench): Promise<readonly BenchResult[]> {
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    alone.push(await stepsPerSecond(options, 0));
    beside.push(await stepsPerSecond(options, options.waiting));
  }
  const busy = `steps, ${options.runs} busy runs`;
  const on = queuesOf(options);
  return [
    figure(`${busy}, nobody waits, ${on}`, 'steps/s', alone),
    figure(`${busy}, ${options.waiting} wait for advice or approval, ${on}`, 'steps/s', beside),
  ];
}

async function stepsPerSecond(options: WaitingBench, waiting: number): Promise<number> {
  const { runs } = options;
  const stack = await BenchStack.start(options, [loopOf('bench-busy', 'noop'), APPROVAL, ADVICE]);
  try {
    await stack.submit('bench-advice', Math.floor(waiting / 2));
    await stack.submit('bench-approval', Math.ceil(waiting / 2));
    await until(async () => (await stack.count('baton.command')) === waiting, `${waiting} runs to wait`, 120_000);
    // The sweep looks after what has been out for twenty seconds: whoever waits for long is waited for at that cost.
    if (waiting > 0) await sleep(SWEPT_AFTER_MS);
    // Once first: connections, caches and compiled code are not what is measured.
    await stack.submit('bench-busy', runs, { times: 2 });
    await stack.succeeded(runs, 60_000);
    const beganMs = performance.now();
    await stack.submit('bench-busy', runs, { times: STEPS });
    await stack.succeeded(2 * runs, 300_000);
    const seconds = (performance.now() - beganMs) / 1000;
    const left = await stack.count('baton.command');
    if (left !== waiting) throw new Error(`${left} runs wait at the end, and ${waiting} did at the beginning`);
    return (runs * STEPS) / seconds;
  } finally {
    await stack.stop();
  }
}
