import { createHash } from 'node:crypto';
import { type Catalog, createCatalog } from '@baton/catalog';
import type { JsonObject } from '@baton/contracts';
import { canonicalJson, parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';

/** The workflows of the simulation: small ones, each with something of its own that can go wrong. */

const work = (kind: string, over: JsonObject = {}): JsonObject => ({
  Type: 'Task',
  Resource: `baton:worker:${kind}`,
  ...over,
  ...('Next' in over ? {} : { End: true }),
});

const machine = (States: JsonObject): JsonObject => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(States)[0] ?? '',
  States,
});

const Flaky = [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 1 }];
const branches = (kind: string, count: number): JsonObject[] =>
  Array.from({ length: count }, (_, n) => machine({ [`B${n + 1}`]: work(kind) }));

function workflow(name: string, States: JsonObject, over: JsonObject = {}): WorkflowDocument {
  const parsed = parseWorkflowDocument({ name, version: '1.0.0', title: name, definition: machine(States), ...over });
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.findings)}`);
  return parsed.document;
}

const approval = (title: string, policy: JsonObject, over: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: 'baton:approval',
  Arguments: { title, policy },
  ...over,
});

const DOCUMENTS: readonly WorkflowDocument[] = [
  // Retries with a wait in between, and a task whose time may be up.
  workflow('chain', {
    One: work('step', { Next: 'Two' }),
    Two: work('step', { Retry: Flaky, TimeoutSeconds: 40, HeartbeatSeconds: 15, Next: 'Three' }),
    Three: work('step'),
  }),
  // What is ready together travels together.
  workflow('fan', {
    Fan: { Type: 'Parallel', Branches: branches('step', 4), Next: 'Last' },
    Last: work('step'),
  }),
  workflow('wait', {
    First: { Type: 'Wait', Seconds: 3, Next: 'Work' },
    Work: work('step', { Next: 'Second' }),
    Second: { Type: 'Wait', Seconds: 2, End: true },
  }),
  workflow(
    'spend',
    {
      Fan: { Type: 'Parallel', Branches: branches('costly', 3), Next: 'More' },
      More: work('costly', { Retry: Flaky }),
    },
    { budget: { usd: 2, tokens: 4_000 } },
  ),
  workflow('approve', {
    Ask: approval('Ship it?', { count: 2 }, { Next: 'Ship' }),
    Ship: work('step'),
  }),
  workflow('asking', { Plan: work('asking') }, { questions: { most: 2 } }),
  workflow('signal', {
    Go: { Type: 'Task', Resource: 'baton:signal:go', Next: 'Work' },
    Work: work('step'),
  }),
  // What its worker has done its part of is answered by somebody else, be it before that.
  workflow(
    'token',
    {
      Fan: {
        Type: 'Parallel',
        Branches: [1, 2].map((n) =>
          machine({
            [`T${n}`]: work('costly.waitForTaskToken', {
              Arguments: { answerTo: '{% $states.context.Task.Token %}' },
              Retry: Flaky,
            }),
          }),
        ),
        Next: 'After',
      },
      After: work('step'),
    },
    { budget: { usd: 2, tokens: 4_000 } },
  ),
  workflow('child', { Step: work('costly', { Retry: Flaky }) }, { budget: { usd: 1 } }),
  workflow('stuck', { Never: { Type: 'Task', Resource: 'baton:signal:never', End: true } }),
  workflow(
    'parent',
    {
      Child: {
        Type: 'Task',
        Resource: 'baton:workflow:child',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Other' }],
        Next: 'Gone',
      },
      // A child that nobody waits for any more has to end, too.
      Gone: {
        Type: 'Task',
        Resource: 'baton:workflow:stuck',
        TimeoutSeconds: 3,
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Other' }],
        End: true,
      },
      Other: work('step'),
    },
    { budget: { usd: 4 } },
  ),
  workflow(
    'decide',
    {
      Begin: { Type: 'Pass', Assign: { round: 1 }, Next: 'Check' },
      Check: work('checking', { Assign: { review: '{% $states.result %}' }, Next: 'Good' }),
      Good: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $review.score >= 9 %}', Next: 'Done' },
          { Condition: '{% $round >= 3 %}', Next: 'Done' },
        ],
        Default: 'Refine',
      },
      Refine: work('step', { Assign: { round: '{% $round + 1 %}' }, Next: 'Check' }),
      Done: { Type: 'Succeed' },
    },
    {
      phases: [{ name: 'plan', states: ['Check', 'Good', 'Refine'] }],
      decisions: {
        mode: 'auto',
        advice: { timeoutSeconds: 20 },
        at: [{ state: 'Good', phase: 'plan', scores: '{% {"all": $review.score} %}', round: '{% $round %}' }],
      },
    },
  ),
  // So many events that the whole state is written into the log once more.
  workflow('long', {
    Each: {
      Type: 'Map',
      Items: '{% [1..520] %}',
      ItemProcessor: machine({ Item: { Type: 'Pass', End: true } }),
      Next: 'Work',
    },
    Work: work('step'),
  }),
];

const sha256Of = (document: WorkflowDocument): string =>
  createHash('sha256').update(canonicalJson(document)).digest('hex');

export const catalog: Catalog = createCatalog(
  DOCUMENTS.map((document) => ({ document, sha256: sha256Of(document), file: `${document.name}.yaml` })),
);

/** Those that somebody submits, and how often. */
export const SUBMITTED: readonly string[] = [
  ...['chain', 'fan', 'fan', 'fan', 'wait', 'wait', 'spend', 'spend', 'approve', 'asking'],
  ...['signal', 'parent', 'parent', 'parent', 'parent', 'decide', 'token', 'token'],
];
