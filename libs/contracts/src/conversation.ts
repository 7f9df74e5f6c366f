import { z } from 'zod';
import { RunId } from './ids.js';
import { Json, JsonObject } from './json.js';
import { KnowledgeUse, ShownMedia } from './knowledge.js';
import { CachedFrom } from './tasks.js';

/*
 * What the journal of a command holds where its worker let a model work with tools: written by the worker, read by it again
 * when the task comes a second time, and by whoever looks into the step.
 */

/** One file that a tool made, changed or took away; the content is a blob. */
const FileChange = z.object({
  path: z.string(),
  /** null: the file is gone. `sha256` as hex; an empty file has size 0 and needs no blob. */
  now: z
    .object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().nonnegative(), isExecutable: z.boolean() })
    .nullable(),
});
export type FileChange = z.infer<typeof FileChange>;

/** What the conversation began with, as it was sent. */
const OpeningEntry = z.object({
  kind: z.literal('opening'),
  system: z.string(),
  prompt: z.string(),
  /** The names of the tools that were offered. */
  tools: z.array(z.string()),
  /** How long each part of what was said is, in characters, the definitions of the tools among them; missing in older ones. */
  parts: z.array(z.object({ name: z.string(), characters: z.int().nonnegative() })).optional(),
});
export type OpeningEntry = z.infer<typeof OpeningEntry>;

const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cacheReadTokens: z.int().nonnegative(),
  cacheWriteTokens: z.int().nonnegative(),
});

/** How long something took, in milliseconds: the clock is read once, when it happens. */
const tookMs = z.number().nonnegative();

/** What a call to the model cost, whatever came of it. */
const paid = { stopReason: z.string(), model: z.string(), usage: Usage, requestId: z.string().nullable(), tookMs };

/** The model answered. What it called is in `calls`; `content` is sent back as it came. */
const AnswerEntry = z.object({
  kind: z.literal('answer'),
  text: z.string(),
  content: z.array(JsonObject),
  calls: z.array(z.object({ id: z.string(), name: z.string(), input: Json })),
  cachedFrom: CachedFrom.exactOptional(),
  ...paid,
});
export type AnswerEntry = z.infer<typeof AnswerEntry>;

/** What came of one call of a tool: the next one of the newest answer. */
const OutcomeEntry = z.object({
  kind: z.literal('outcome'),
  callId: z.string(),
  text: z.string(),
  isError: z.boolean(),
  /** What it did to the files. Done again from here when the task comes again: nothing runs twice. */
  changes: z.array(FileChange),
  /** Why it was not executed: its bound was met, or it says what was said before. Absent where it was. */
  heldBack: z.string().optional(),
  /** The accepted answer, where the call handed it in. */
  answer: Json.optional(),
  /** What was shown beside the text. */
  media: z.array(ShownMedia).optional(),
  /** What of the documentation it read. */
  knowledge: KnowledgeUse.optional(),
  tookMs,
});
export type OutcomeEntry = z.infer<typeof OutcomeEntry>;

/** The model was paid and its answer is of no use: refused, more than its window holds. It ends the task each time it is played. */
const FailureEntry = z.object({
  kind: z.literal('failure'),
  message: z.string(),
  code: z.string(),
  next: z.string(),
  ...paid,
});

/** A call that broke off or was refused for now; paid as far as it came. Another one follows. */
const CutEntry = z.object({
  kind: z.literal('cut'),
  message: z.string(),
  code: z.string(),
  /** How long the server wants to be left alone, in milliseconds. */
  retryAfterMs: z.number().nonnegative().optional(),
  ...paid,
});

/** What a model without tools was shown of the documentation, before it was asked: its answers follow. */
const DocumentsEntry = z.object({
  kind: z.literal('documents'),
  text: z.string(),
  media: z.array(ShownMedia),
  knowledge: KnowledgeUse,
});
export type DocumentsEntry = z.infer<typeof DocumentsEntry>;

/** One entry; they stand in the order in which things happened, the opening first. */
export const ConversationEntry = z.discriminatedUnion('kind', [
  OpeningEntry,
  AnswerEntry,
  OutcomeEntry,
  CutEntry,
  FailureEntry,
  DocumentsEntry,
]);
export type ConversationEntry = z.infer<typeof ConversationEntry>;

/**
 * `GET /v1/runs/{id}/model-time`: how long models took for each task that asked one, in milliseconds. `calls` are those that
 * were made, answers taken over from others left out; `unmeasured` are those of them whose duration nobody noted. `isWhole`:
 * no task is left out.
 */
export const ModelTime = z.object({
  runId: RunId,
  tasks: z.array(
    z.object({
      commandId: z.string(),
      calls: z.int().nonnegative(),
      unmeasured: z.int().nonnegative(),
      modelMs: z.number().nonnegative(),
    }),
  ),
  isWhole: z.boolean(),
});
export type ModelTime = z.infer<typeof ModelTime>;

/** A step of a graph that is a task, as its journal has it. `changed`: the channels that have another value since the step before. */
export const GraphStep = z.object({
  step: z.int(),
  /** How it came about: `input`, `loop`, … */
  source: z.string(),
  /** Empty, but for a graph within the graph. */
  namespace: z.string(),
  checkpoint: z.string(),
  changed: z.array(z.string()),
});
export type GraphStep = z.infer<typeof GraphStep>;

/** `GET /v1/runs/{id}/conversation`: what was said and done for one task, as its worker noted it. */
export const Conversation = z.object({
  commandId: z.string(),
  entries: z.array(ConversationEntry),
  /** There where its worker is a graph that keeps its steps. */
  steps: z.array(GraphStep).optional(),
  /** Notes in a form that is not known here: of another version, or of a worker of one's own. */
  unread: z.int().nonnegative(),
});
export type Conversation = z.infer<typeof Conversation>;
