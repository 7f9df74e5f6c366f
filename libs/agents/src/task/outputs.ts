import { Advice, JsonObject, PrintedOutput, WorkspaceMade } from '@baton/contracts';
import { ExecutionRecord } from '@baton/sandbox';
import { z } from 'zod';
import { SetUpRecord } from '../set-up/record.js';
import { DeliverableFile, FileSet } from './file-set.js';

/**
 * What the agents answer. A model writes in the order of the keys, so what it finds comes before what it makes of it: issues
 * before scores, the rationale before the move. Each schema is given to the model as JSON Schema and checked again here with zod, because on
 * the wire bounds such as `minimum` are only words in a description.
 */

export const Language = z.enum(['typescript', 'python']);
export type Language = z.infer<typeof Language>;

export const Dimension = z.enum(['alignment', 'standardization', 'compatibility']);
export type Dimension = z.infer<typeof Dimension>;

const Score = z.number().min(0).max(10);

/** 0 is useless, 10 leaves nothing to improve; the templates say what each number means. */
export const Scores = z.object({
  alignment: Score.describe('0 to 10: does it do what the requirements ask, all of it and nothing else'),
  standardization: Score.describe('0 to 10: is it built and written as the language and good practice expect'),
  compatibility: Score.describe('0 to 10: does it fit its parts, its callers and the place where it will run'),
});
export type Scores = z.infer<typeof Scores>;

/** Steps 1 and 3. `answers` is empty in step 1. */
export const Plan = z.object({
  goal: z.string().min(1).describe('one or two sentences: what will exist, and how one sees that it works'),
  components: z.array(z.object({ name: z.string().min(1), purpose: z.string().min(1) })).min(1),
  files: z
    .array(z.object({ path: z.string().min(1), purpose: z.string().min(1) }))
    .min(1)
    .describe('every file that will be written, tests included'),
  interfaces: z.array(
    z.object({
      name: z.string().min(1),
      signature: z.string().min(1).describe('as it will stand in the code'),
      description: z.string().describe('behaviour, errors and limits'),
    }),
  ),
  testPlan: z
    .array(z.string().min(1))
    .min(1)
    .describe('one entry per behaviour, with the input and what must come out'),
  risks: z.array(z.string().min(1)),
  openQuestions: z.array(z.string().min(1)).describe('what the requirements leave open, each with the assumption made'),
  answers: z
    .array(z.object({ issueId: z.string().min(1), answer: z.string().min(1) }))
    .describe('one answer to each issue of the review; empty in a first plan'),
});
export type Plan = z.infer<typeof Plan>;

const Issue = z.object({
  id: z.string().min(1).describe('short and unique within this review'),
  severity: z.enum(['critical', 'major', 'minor']),
  place: z.string().min(1).describe('where it is: a part of the plan, or a file and line'),
  problem: z.string().min(1),
  fix: z.string().min(1).describe('what would resolve it, concretely enough to be done without asking'),
});

/** Steps 2, 5a, 5b and 7. Whether verdict and scores agree is for the hub to judge: a disagreement is recorded there. */
export const Review = z.object({
  issues: z.array(Issue).check((context) => {
    const ids = context.value.map((issue) => issue.id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
      const message = `the issue id ${JSON.stringify(id)} is used more than once`;
      context.issues.push({ code: 'custom', message, input: context.value, path: [] });
    }
  }),
  summary: z.string().min(1).describe('what the issues amount to, and what could not be judged'),
  scores: Scores,
  verdict: z.enum(['pass', 'revise']),
});
export type Review = z.infer<typeof Review>;

/** What a task of the validator returns: the review, and who gave it, so that judges can be judged by what they are. */
export const JudgedReview = Review.extend({
  judgedBy: z.object({
    template: z.string(),
    version: z.string(),
    variant: z.string(),
    sha256: z.string(),
    model: z.string(),
  }),
});
export type JudgedReview = z.infer<typeof JudgedReview>;

/** Step 4, as the model answers. */
export const Implementation = z.object({
  files: FileSet.min(1).describe('every file of the deliverable, whole'),
  notes: z.string().describe('what the reader must know: limits, assumptions, what is missing'),
  testCommand: z.string().min(1).describe('the command that runs the tests in the folder of the deliverable'),
});
export type Implementation = z.infer<typeof Implementation>;

const Answer = z.object({
  to: z.string().min(1).describe('the id of the issue, or the name of the failing tool'),
  answer: z.string().min(1),
});

/** Step 6, as the model answers: only what changes. The programmer merges it into the full set. */
export const Refinement = z.object({
  changedFiles: FileSet.describe('new and changed files, each whole'),
  removedFiles: z.array(z.string().min(1)),
  answers: z.array(Answer).describe('one answer to each issue of the reviews and to each failing tool'),
  notes: z.string(),
});
export type Refinement = z.infer<typeof Refinement>;

/**
 * What a task of the programmer returns, in step 4 and in step 6: always the full set of files, or, where the run has a
 * workspace, those that differ from it. What was removed from that shows in the version alone.
 */
export const Deliverable = z.object({
  files: z.array(DeliverableFile),
  workspace: WorkspaceMade.exactOptional(),
  notes: z.string(),
  testCommand: z.string().min(1),
  language: Language,
  /** The models whose text is in it, joined by ` and `; `input` stands for files that came with the run. `offline` alone means scripted code only. */
  writtenBy: z.string().min(1),
  answers: z.array(Answer),
});
export type Deliverable = z.infer<typeof Deliverable>;

/** The tools that Baton brings. A workspace that has checks of its own is judged by those, under their names. */
export const ToolName = z.enum(['parse', 'types', 'tests']);
export type ToolName = z.infer<typeof ToolName>;

/** One problem a tool found. `file` is relative to the deliverable. */
export const ToolFinding = z.object({
  file: z.string().nullable(),
  line: z.int().positive().nullable(),
  message: z.string(),
});
export type ToolFinding = z.infer<typeof ToolFinding>;

/**
 * `reason` says why a tool was left out or stopped; `exitCode` is null where the process did not end by itself. `execution`
 * is the evidence of its process: null where none ran, and in logs of before there were any. `failed-before`: it failed, and
 * so it did on what the run began from, with nothing new; `oldFindings` are those of then, `findings` what came since.
 * `findingIds` tell findings apart whatever line they are on, `isComplete` whether they are all that was found.
 */
export const ToolResult = z.object({
  tool: z.string(),
  status: z.enum(['passed', 'failed', 'failed-before', 'left-out']),
  exitCode: z.int().nullable(),
  durationMs: z.number().nonnegative(),
  findings: z.array(ToolFinding),
  oldFindings: z.array(ToolFinding).default([]),
  findingIds: z.array(z.string()).default([]),
  isComplete: z.boolean().default(false),
  /** False where it looked at nothing: it was left out, or its program is not there. */
  couldRun: z.boolean().default(true),
  reason: z.string().nullable(),
  execution: ExecutionRecord.extend({
    /** What it printed; absent where it was not kept, as in logs of before it was. */
    printed: PrintedOutput.exactOptional(),
  })
    .nullable()
    .default(null),
});
export type ToolResult = z.infer<typeof ToolResult>;

/** What a tool found on the given state of a workspace: neither its author nor a reader is blamed for it. */
export const KnownFailure = ToolResult.pick({
  tool: true,
  status: true,
  findings: true,
  findingIds: true,
  isComplete: true,
});
export type KnownFailure = z.infer<typeof KnownFailure>;

/**
 * Level 2 of steps 5 and 7. `passed`: every tool that the language has ran, and none failed but as it did before the run.
 * `failing` names those that failed, `failedBefore` those that did with nothing new. `leftOut` names all that did
 * not run, `notRun` those of them that should have; `reason` says why it did not pass where no tool failed. `warning` says
 * that the code was executed without a sandbox, and on whose word. `findingsHash` is the same where the tools that failed
 * found the same; null where none did.
 */
export const ToolReport = z.object({
  passed: z.boolean(),
  language: Language,
  tools: z.array(ToolResult),
  failing: z.array(z.string()),
  failedBefore: z.array(z.string()).default([]),
  leftOut: z.array(z.string()),
  notRun: z.array(z.string()).default([]),
  reason: z.string().nullable().default(null),
  /** Those that cannot run here, whatever is done to the files, and why, with what to do; null where there are none. */
  unable: z.array(z.string()).default([]),
  unableReason: z.string().nullable().default(null),
  warning: z.string().nullable().default(null),
  findingsHash: z.string().nullable().default(null),
  /** How what the checks were given was made; null where they needed nothing. */
  setUp: SetUpRecord.nullable().default(null),
  /** The version of what was judged, to be approved and deployed as it is; null where it has none. */
  tree: z.string().nullable().default(null),
});
export type ToolReport = z.infer<typeof ToolReport>;

/**
 * What a merge came to. The work stands on what others landed from here on: that is the base, and `files` are those that
 * differ from it. `toolReport` holds the conflicts as findings, and is null where there are none.
 */
export const Merging = z.object({
  files: z.array(DeliverableFile),
  workspace: WorkspaceMade,
  isClean: z.boolean(),
  toolReport: ToolReport.nullable(),
});
export type Merging = z.infer<typeof Merging>;

/** Advice as a model is asked for it: nothing empty, nothing left out. */
const ModelAdvice = z.object({
  rationale: Advice.shape.rationale
    .min(1)
    .describe('the facts of the digest that speak for the best move and against the next best'),
  move: Advice.shape.move.min(1).describe('the id of that one of the legal moves, exactly as given'),
  confidence: Advice.shape.confidence,
  concerns: z.array(z.string().min(1).max(2_000)).max(50).describe('what a human should look at, whatever is decided'),
});

/** What a single prompt answers where its task names no schema of its own. */
const Text = z.object({ text: z.string().describe('the whole answer') });

/** The outputs a template can name in its front matter. */
export const modelOutputs = { Plan, Review, Implementation, Refinement, Advice: ModelAdvice, Text } as const;
export type ModelOutputName = keyof typeof modelOutputs;

export const isModelOutputName = (name: string): name is ModelOutputName => Object.hasOwn(modelOutputs, name);

/** The JSON Schema of an output, for the model port. Without `$schema`, which providers refuse or repeat as prose. */
export function jsonSchemaOf(name: ModelOutputName): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(modelOutputs[name]);
  return JsonObject.parse(schema);
}
