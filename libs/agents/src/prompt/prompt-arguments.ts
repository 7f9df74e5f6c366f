import { Effort, JsonObject, MaxOutputTokens } from '@baton/contracts';
import { z } from 'zod';

/**
 * The arguments of the prompt worker: any single question. With `variables`, the text is a template with a
 * `{{placeholder}}` for each; without, it is taken as it stands. Where a template is named as well, it is what is asked, as
 * when a question is tried again in other words: with the same variables, or with the text itself as `{{prompt}}`.
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
  })
  .refine((args) => args.prompt !== undefined || args.template !== undefined, {
    message: 'prompt or template must be given',
  });
export type PromptArguments = z.infer<typeof PromptArguments>;
