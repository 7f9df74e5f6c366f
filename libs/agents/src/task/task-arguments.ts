import { JsonObject, TreeVersion, WorkspaceMade } from '@baton/contracts';
import { z } from 'zod';
import { DeliverableFile, FileSet } from './file-set.js';
import { type Dimension, KnownFailure, Language, Plan, Review, Scores, ToolReport, ToolResult } from './outputs.js';

/**
 * The arguments of the tasks of planner, validator, programmer and advisor. All but `template` (and `tools`) are the variables
 * of the prompt. Strict: an argument that no template would show to the model is a mistake of the workflow.
 */

const Requirements = z.string().refine((text) => text.trim() !== '', 'the requirements are empty');
const Round = z.int().positive();
const Thresholds = z.strictObject({
  alignment: Scores.shape.alignment,
  standardization: Scores.shape.standardization,
  compatibility: Scores.shape.compatibility,
} satisfies Record<Dimension, z.ZodType>);

/** What validator and programmer look at: the deliverable, where other facts about it may stand beside the files. */
const Code = z.object({
  files: FileSet,
  notes: z.string(),
  testCommand: z.string(),
  writtenBy: z.string().min(1).optional(),
  /** What the round before made of the workspace, where the run has one. */
  workspace: WorkspaceMade.nullish(),
});

/** Where the work stands, and on what: every step that judges or writes is told. */
const Surroundings = {
  workspaceType: z.enum(['isolated', 'shared']).default('isolated'),
  documentationLocations: z.array(z.string()).default([]),
  /** The files that existed before the work began. */
  files: z.array(DeliverableFile).default([]),
  /** What the work is held to: a text, or paths of files of the workspace. */
  standards: z.union([z.string(), z.array(z.string().min(1))]).default([]),
};

/** What failed on the given state of the workspace, before anybody worked on it. */
const KnownFailures = z.array(KnownFailure).default([]);

const ReviewedCode = Code.omit({ writtenBy: true });

export const PlanArguments = z.strictObject({
  template: z.literal('step1_initial_planner_prompt_template'),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
});
export type PlanArguments = z.infer<typeof PlanArguments>;

export const ReviewPlanArguments = z.strictObject({
  template: z.literal('step2_plan_validator_prompt_template'),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
  plan: Plan,
  round: Round,
  thresholds: Thresholds,
});
export type ReviewPlanArguments = z.infer<typeof ReviewPlanArguments>;

/** What a person asked for when the work was sent back: it outranks what a validator says. */
const PersonComment = z.strictObject({
  id: z.string().min(1),
  by: z.string().min(1),
  comment: z.string(),
  /** The round after which it was said. */
  round: Round,
});
const Comments = z.array(PersonComment).default([]);

export const RevisePlanArguments = z.strictObject({
  template: z.literal('step3_revision_planner_prompt_template'),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
  plan: Plan,
  review: Review,
  round: Round,
  comments: Comments,
});
export type RevisePlanArguments = z.infer<typeof RevisePlanArguments>;

export const ImplementArguments = z.strictObject({
  template: z.literal('step4_programmer_prompt_template'),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
  plan: Plan,
  knownFailures: KnownFailures,
  files: FileSet,
});
export type ImplementArguments = z.infer<typeof ImplementArguments>;

/** Tests against the interfaces of a plan, before there is code. */
export const WriteTestsArguments = z.strictObject({
  template: z.literal('tester_prompt_template'),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
  plan: Plan,
  knownFailures: KnownFailures,
  files: FileSet.default([]),
});
export type WriteTestsArguments = z.infer<typeof WriteTestsArguments>;

export const ReviewCodeArguments = z.strictObject({
  template: z.enum([
    'step5a_two_level_validation_agent_prompt_template',
    'step5b_two_level_standardization_validation_agent_prompt_template',
  ]),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
  plan: Plan,
  knownFailures: KnownFailures,
  code: ReviewedCode,
  round: Round,
  thresholds: Thresholds,
});
export type ReviewCodeArguments = z.infer<typeof ReviewCodeArguments>;

export const RefineArguments = z.strictObject({
  template: z.literal('step6_code_refinement_programmer_prompt_template'),
  requirements: Requirements,
  ...Surroundings,
  language: Language,
  plan: Plan,
  knownFailures: KnownFailures,
  code: Code,
  reviews: z.array(Review),
  /** Without the evidence of the processes, which says nothing to a model. */
  toolReport: ToolReport.omit({ tree: true, unable: true, unableReason: true }).extend({
    tools: z.array(ToolResult.omit({ execution: true, findingIds: true, isComplete: true, couldRun: true })),
  }),
  round: Round,
  comments: Comments,
});
export type RefineArguments = z.infer<typeof RefineArguments>;

/** Level 2 of the validation: no template and no model, only the deterministic tools. */
export const ToolArguments = z.strictObject({
  tools: z.literal(true),
  language: Language,
  files: FileSet,
  testCommand: z.string(),
  writtenBy: z.string(),
  /** The whole of what is looked at, where the files are only what differs from the workspace of the run. */
  workspace: WorkspaceMade.nullish(),
  /** What failed before the work began: it does not count against it. */
  knownFailures: z.array(KnownFailure).optional(),
});
export type ToolArguments = z.infer<typeof ToolArguments>;

/** What others landed comes into the work of the run: no template and no model. */
export const MergeArguments = z.strictObject({
  merge: z.literal(true),
  language: Language,
  /** What both sides began from, what this run made of it, and what others landed since. */
  base: TreeVersion,
  ours: TreeVersion,
  theirs: TreeVersion,
});
export type MergeArguments = z.infer<typeof MergeArguments>;

/** What the advisor is told at a decision point: what happened in the run, and the closed list of what can be done. */
export const AdviceArguments = z.strictObject({
  template: z.literal('workflow_orchestrator_prompt_template'),
  point: z.strictObject({ kind: z.string().min(1), state: z.string().min(1) }),
  classification: z.string().regex(/^[\w-]+$/, 'expected one word'),
  reasons: z.array(z.string()),
  digest: JsonObject,
  legalMoves: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        actionType: z.string().min(1),
        /** The state that follows; null where none does. */
        target: z.string().nullable(),
        recoveryStrategy: z.string().optional(),
        text: z.string(),
      }),
    )
    .min(1, 'there is no legal move to choose from'),
});
export type AdviceArguments = z.infer<typeof AdviceArguments>;

/** The arguments of a task that goes with a template, or with one of several. */
export type WithTemplate = z.ZodObject<{ template: z.ZodLiteral<string> | z.ZodEnum }>;

export const templateIdsOf = (schema: WithTemplate): readonly string[] =>
  schema.shape.template instanceof z.ZodEnum
    ? schema.shape.template.options.map(String)
    : [...schema.shape.template.values];

/**
 * What a template need not show. Thresholds a judge is better not told: it would score to pass. The others came later than
 * templates of users that show all that there was.
 */
export const NEED_NOT_BE_SHOWN: readonly string[] = ['thresholds', 'standards', 'knownFailures'];

export const variablesOf = (schema: z.ZodObject): readonly string[] =>
  Object.keys(schema.shape).filter((name) => name !== 'template');

/** The variables of each shipped template, by its id. */
export const templateVariables: ReadonlyMap<string, readonly string[]> = new Map(
  [
    PlanArguments,
    ReviewPlanArguments,
    RevisePlanArguments,
    ImplementArguments,
    WriteTestsArguments,
    ReviewCodeArguments,
    RefineArguments,
    AdviceArguments,
  ].flatMap((schema) => templateIdsOf(schema).map((id) => [id, variablesOf(schema)] as const)),
);
