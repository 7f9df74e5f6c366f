import { CacheWish, Effort, JsonObject, MaxOutputTokens, WorkspaceInput, WorkspaceMade } from '@baton/contracts';
import { z } from 'zod';
import { GivenTool, LeftConversation, ToolResult } from './tool-arguments.js';

/**
 * The arguments of the prompt worker: any single question, or with `tools` a conversation. With `variables`, the text is a
 * template with a `{{placeholder}}` for each; without, it is taken as it stands. Where a template is named as well, it is
 * what is asked, as when a question is tried again in other words: with the same variables, or with the text itself as
 * `{{prompt}}`.
 */
export const PromptArguments = z
  .strictObject({
    /** The text itself. */
    prompt: z
      .string()
      .refine((text) => text.trim() !== '', 'the prompt is empty')
      .optional(),
    /** The id of a prompt template of the agent `prompt`. */
    template: z.string().min(1).optional(),
    variables: JsonObject.optional(),
    /**
     * JSON Schema (2020-12) of the answer; else `{ text }`. A model behind the Messages API takes one in which each part has
     * a type and each object names its members.
     */
    output: JsonObject.optional(),
    /** Instead of the model the worker was set up with. */
    model: z.string().min(1).optional(),
    /** Instead of the template's, or of the usual one. */
    system: z.string().optional(),
    maxOutputTokens: MaxOutputTokens.optional(),
    effort: Effort.optional(),
    /** That an answer is taken over which was given to the very same question, if it is no older than `ttlSeconds`. */
    cache: CacheWish.optional(),
    /** What the model may call. With it, the result says whether it answered or wants something called. */
    tools: z.array(GivenTool).max(40).optional(),
    /** What the model may search and read beside: folders, files and pages, as for every agent. */
    documentationLocations: z.array(z.string()).nullish(),
    /** Which of the tools of servers outside it may call beside, each as `server` or `server:tool`; none without it. */
    mcpServers: z.array(z.string().min(1).max(100)).max(100).nullish(),
    /** What the tools of the worker work on, and the version of it that an earlier task made. */
    workspace: WorkspaceInput.nullish(),
    made: WorkspaceMade.nullish(),
    /** What an earlier task handed out, to go on from; null the first time. */
    conversation: LeftConversation.nullish(),
    /** What came of the calls that it ended with, in their order. */
    results: z.array(ToolResult).nullish(),
    /** How many calls the whole conversation may make. */
    maxToolCalls: z.int().positive().max(240).optional(),
  })
  .refine((args) => args.prompt !== undefined || args.template !== undefined, {
    message: 'prompt or template must be given',
  })
  .refine(({ tools, documentationLocations, mcpServers, workspace, made, conversation, results, maxToolCalls }) => {
    const beside = [documentationLocations, mcpServers, workspace, made, conversation, results, maxToolCalls];
    return tools !== undefined || beside.every((given) => given == null);
  }, 'documentationLocations, mcpServers, workspace, made, conversation, results and maxToolCalls are of use with tools only')
  .refine(
    ({ tools, documentationLocations, mcpServers }) =>
      tools?.length !== 0 || documentationLocations != null || (mcpServers ?? []).length > 0,
    'tools is empty, and there are no documentationLocations to look into',
  );
export type PromptArguments = z.infer<typeof PromptArguments>;
