import { ConversationEntry, Json, JsonObject } from '@baton/contracts';
import { z } from 'zod';

/** What the worker can do itself, in a workspace that the task names. */
export const WORKER_TOOLS = ['list', 'read', 'search', 'diff', 'run', 'write', 'edit', 'move', 'delete'] as const;
export type WorkerTool = (typeof WORKER_TOOLS)[number];

/** What it looks into the documentation with that a task points to: there with it, and not to be named. */
export const KNOWLEDGE_TOOLS = ['knowledge_search', 'knowledge_read'] as const;

/** A tool that the workflow declares. */
export const DeclaredTool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][\w-]{0,63}$/, 'must be a word of letters, digits, - and _, 64 at most'),
  description: z.string().min(1).max(4_000),
  /** JSON Schema (2020-12) of what it is called with: an object. */
  input: JsonObject,
  /** What it gives, whoever asks. Without it, a call ends the task: the workflow has it done, and goes on with the result. */
  gives: Json.optional(),
});
export type DeclaredTool = z.infer<typeof DeclaredTool>;

export const GivenTool = z.union([z.enum(WORKER_TOOLS), DeclaredTool], {
  error: `must be one of ${WORKER_TOOLS.join(', ')}, or { name, description, input }`,
});
export type GivenTool = z.infer<typeof GivenTool>;

/** A conversation as a task hands it out with its calls. */
export const LeftConversation = z.strictObject({
  entries: z
    .array(ConversationEntry)
    .min(2)
    .max(2_000)
    .refine(([first]) => first?.kind === 'opening', 'does not begin with its opening'),
});
export type LeftConversation = z.infer<typeof LeftConversation>;

/** What came of one call. */
export const ToolResult = z.strictObject({
  id: z.string().min(1),
  output: Json,
  /** Whether it failed: the model is told so, and may do something else. */
  isError: z.boolean().default(false),
});
export type ToolResult = z.infer<typeof ToolResult>;

/** What a task with tools comes to. All members are there, so that an expression finds each. */
export interface WithToolsResult {
  readonly status: 'answered' | 'calls';
  /** null while there is none. */
  readonly answer: Json;
  readonly calls: readonly { readonly id: string; readonly tool: string; readonly input: Json }[];
  /** To be given to the next task, with the results of the calls; null with the answer. */
  readonly conversation: LeftConversation | null;
}
