import { z } from 'zod';
import { ApprovalPolicy } from './approvals.js';
import { NewRequestId, SubmitRun, WorkflowRef } from './intake.js';
import { Json, JsonObject } from './json.js';
import { WorkerKind } from './tasks.js';

/*
 * A goal in one sentence: what there was to serve it, what matched it and why, and what was composed of that. All of these
 * stand in the log of the run that composes, so they are shapes of the log.
 */

/** The name of the workflow that ships for goals. */
export const GOAL_WORKFLOW = 'goal';

/** The most characters of a goal. What it is about goes into the input beside it. */
export const MAX_GOAL_LENGTH = 4_000;

export const GoalText = z
  .string()
  .max(MAX_GOAL_LENGTH, `has more than ${MAX_GOAL_LENGTH} characters: put what it is about into the input beside it`)
  .regex(/\S/, 'is empty')
  // Half a surrogate pair has no bytes, and Postgres text holds no NUL.
  .regex(/^[^\p{Cs}\0]*$/u, 'must not hold NUL or half a surrogate pair');

/** What runs of a workflow, or tasks of a kind, have used. */
export const PastUse = z.object({
  /** Of so many runs or tasks. */
  count: z.int().nonnegative(),
  /** US dollars of all of them whose price is known, and of how many it is not. */
  usd: z.number().nonnegative(),
  unpriced: z.int().nonnegative(),
  tokens: z.number().nonnegative(),
});
export type PastUse = z.infer<typeof PastUse>;

export const GoalWorker = z.object({
  kind: WorkerKind,
  description: z.string(),
  /** Whether one takes tasks, or did within the last two minutes and has not said that it ends. */
  isAlive: z.boolean(),
  /** JSON Schemas of what it takes and gives; null where it does not say. */
  input: JsonObject.nullable(),
  output: JsonObject.nullable(),
  past: PastUse.nullable(),
});
export type GoalWorker = z.infer<typeof GoalWorker>;

export const GoalCandidateWorkflow = z.object({
  /** `name@version`, so that what was chosen is what is run. */
  ref: WorkflowRef,
  sha256: z.string(),
  title: z.string(),
  description: z.string(),
  input: JsonObject.nullable(),
  /** Kinds that it needs and of which no worker `isAlive`. */
  lacksWorkers: z.array(WorkerKind),
  /** What its document allows a run to spend at most, US dollars; null where it does not say. */
  budgetUsd: z.number().nullable(),
  past: PastUse.nullable(),
  /** Quantiles of what its runs cost, US dollars, and of how many; absent where there are too few. */
  expected: z.object({ p50: z.number(), p90: z.number(), sampleSize: z.int().positive() }).exactOptional(),
});
export type GoalCandidateWorkflow = z.infer<typeof GoalCandidateWorkflow>;

/** What there was when the goal was submitted. */
export const GoalCatalog = z.object({
  workers: z.array(GoalWorker),
  workflows: z.array(GoalCandidateWorkflow),
  /** Workflows that were left out because there are so many: those that share the fewest words with the goal. */
  leftOff: z.int().nonnegative(),
  /** Kinds of workers that were left out for the same reason. */
  workersLeftOff: z.int().nonnegative().exactOptional(),
});
export type GoalCatalog = z.infer<typeof GoalCatalog>;

/** `worker:report-writer`, `workflow:report@1.2.0`. */
const GoalUse = z.string().regex(/^(worker:[a-z][a-z0-9-]{0,62}|workflow:[a-z][a-z0-9-]*@\d+\.\d+\.\d+)$/);

/** Where the value of an argument comes from. */
const ArgumentSource = z.enum(['goal', 'input', 'step', 'item', 'text', 'json']);

export const StepArgument = z.strictObject({
  /** The argument; dots lead into objects, as in `variables.text`. */
  name: z.string().min(1).max(200),
  from: ArgumentSource,
  /**
   * Of `goal` nothing; of `input` the path of a member, or nothing for all of it; of `step` the name of an earlier step, and
   * after a dot the path in its result; of `item`, in a step that is done for each, the path in the item, or nothing for all of
   * it; of `text` the text; of `json` the value as JSON.
   */
  value: z.string().max(20_000),
});
export type StepArgument = z.infer<typeof StepArgument>;

/** Of a step, and of what several of them make up: such names never hide a function of JSONata. */
const StepName = z.string().regex(/^[A-Z][A-Za-z0-9]{0,39}$/, 'a step has a name such as WriteReport');

/** A list: a member of the input, or what an earlier step gave. */
export const StepList = z.strictObject({ from: z.enum(['input', 'step']), value: z.string().max(2_000) });
export type StepList = z.infer<typeof StepList>;

/** Under which condition a step is done. Neighbours with the same `choice` are the ways of one choice; the first that holds is gone. */
export const StepCondition = z.strictObject({
  choice: StepName,
  is: z.enum([
    ...(['equal', 'not-equal', 'less', 'at-most', 'more', 'at-least', 'contains', 'empty', 'not-empty'] as const),
    /** Where none of the other ways was gone; it comes last. */
    'otherwise',
  ]),
  /** What is looked at, as of an argument; nothing where it is `otherwise`. */
  from: z.enum(['input', 'step']).default('step'),
  value: z.string().max(2_000).default(''),
  /** A text, a number, true, false or null, as JSON, that it is held against. */
  than: z.string().max(1_000).default(''),
});
export type StepCondition = z.infer<typeof StepCondition>;

export const ComposedStep = z.strictObject({
  name: StepName,
  does: z.string().max(300),
  use: GoalUse,
  arguments: z.array(StepArgument).max(40),
  /** A name: neighbours that have the same are done side by side, but for those that need one another's results. */
  beside: StepName.exactOptional(),
  /** It is done once for each item, and its result is the list of theirs. */
  each: StepList.exactOptional(),
  when: StepCondition.exactOptional(),
});
export type ComposedStep = z.infer<typeof ComposedStep>;

export const MissingWorker = z.strictObject({
  /** A name that would suit it. */
  kind: z.string().max(63),
  does: z.string().max(500),
  takes: z.string().max(500),
  gives: z.string().max(500),
});
export type MissingWorker = z.infer<typeof MissingWorker>;

/** The most steps of a composition. */
const MOST_COMPOSED_STEPS = 12;

/** Steps in their order, or what is missing for them. The document is made of it by a program, and of nothing else. */
export const Composition = z.strictObject({
  title: z.string().max(120),
  why: z.string().max(2_000),
  steps: z.array(ComposedStep).max(MOST_COMPOSED_STEPS),
  missing: z.array(MissingWorker).max(10),
});
export type Composition = z.infer<typeof Composition>;

/** Why something matches a part of a goal: words, where they stand, and what each counts. */
const GoalReason = z.object({
  word: z.string(),
  in: z.enum(['name', 'title', 'description', 'input']),
  counts: z.number(),
});

export const GoalCandidate = z.object({
  use: GoalUse,
  score: z.number(),
  reasons: z.array(GoalReason),
  /** What it is called with; null where that cannot be filled from goal, input and earlier steps. */
  arguments: z.array(StepArgument).nullable(),
  /** Once for each item of this list, of which its arguments are. */
  each: StepList.exactOptional(),
  /** What keeps it from being used, a sentence each. */
  lacks: z.array(z.string()),
});
export type GoalCandidate = z.infer<typeof GoalCandidate>;

export const GoalPart = z.object({
  text: z.string(),
  /** Those with the same name are done side by side. */
  beside: StepName.exactOptional(),
  /** It is one way of a choice; `when` is what the words say of a result, where a program can tell. */
  way: z.object({ choice: StepName, says: z.string().nullable(), when: StepCondition.nullable() }).exactOptional(),
  /** Best first; the few that matter. */
  candidates: z.array(GoalCandidate),
  verdict: z.enum(['clear', 'unclear', 'none']),
  /** What the step would be called that the first candidate which can be called makes: arguments of later parts name it. */
  step: StepName.exactOptional(),
  /** Why, in a sentence. */
  because: z.string(),
});
export type GoalPart = z.infer<typeof GoalPart>;

export const GoalMatch = z.object({
  /** `clear`: nobody need be asked. `missing`: the goal names what is not there. */
  verdict: z.enum(['clear', 'unclear', 'missing']),
  because: z.string(),
  parts: z.array(GoalPart),
  /** What comes nearest to the goal, best first, whether or not it would do. */
  nearest: z.array(z.string()).default([]),
  /** What the input holds, shortened: a model that composes needs names and types of it. */
  about: Json.default({}),
  /** There where it is clear, or missing. */
  composition: Composition.nullable(),
});
export type GoalMatch = z.infer<typeof GoalMatch>;

/** What a step is expected to cost, and what that is known from. */
export const StepEstimate = z.object({
  step: z.string(),
  use: z.string(),
  /** US dollars: usual, and at most; null where nothing is known. */
  usd: z.number().nullable(),
  mostUsd: z.number().nullable(),
  from: z.enum(['foresight', 'past-runs', 'past-tasks', 'budget', 'offline-model', 'unknown']),
  /** Of how many runs or tasks. */
  sampleSize: z.int().nonnegative(),
  says: z.string(),
});
export type StepEstimate = z.infer<typeof StepEstimate>;

export const GoalEstimate = z.object({
  /** The sum, where every step has a figure. */
  usd: z.number().nullable(),
  mostUsd: z.number().nullable(),
  steps: z.array(StepEstimate),
});
export type GoalEstimate = z.infer<typeof GoalEstimate>;

/** Body of `POST /v1/goals`. */
export const SubmitGoal = z.strictObject({
  requestId: NewRequestId.optional(),
  goal: GoalText,
  /** What it is about: members that what is composed may be given. */
  input: JsonObject.optional(),
  /** `given`: whoever submits it approves whatever is composed, and may approve. */
  approval: z.enum(['ask', 'given']).default('ask'),
  /** Who may approve it; everybody who may answer approvals where it is absent. */
  policy: ApprovalPolicy.optional(),
  labels: SubmitRun.shape.labels,
  priority: SubmitRun.shape.priority,
  budget: SubmitRun.shape.budget,
  agents: SubmitRun.shape.agents,
  runId: SubmitRun.shape.runId,
});
export type SubmitGoal = z.infer<typeof SubmitGoal>;

/** The arguments of a state that publishes what was composed, `baton:publish`. */
export const PublishArguments = z.object({ document: JsonObject });

/** Composed documents are known by what they say: `goal-` and the first 16 hex digits of the hash of all but the name. */
export const COMPOSED_NAME = /^goal-[0-9a-f]{16}$/;
