import { z } from 'zod';
import { Json } from './json.js';
import { TreeVersion } from './workspaces.js';

/*
 * A step that a person does by hand: what they hand in goes to a worker of the kind that would have done it, which looks at
 * it by the same rules as at an answer of its own, and asks no model.
 */

/** What a person hands in for a task: an output, a version of the workspace, or both. */
export const HandInParts = {
  output: Json.optional(),
  workspace: z.strictObject({ tree: TreeVersion }).optional(),
};

/** As the worker gets it. `by`: who did the work, as `user:ada`. */
export const HandIn = z.object({
  output: Json.optional(),
  workspace: z.object({ tree: TreeVersion }).optional(),
  by: z.string().min(1),
});
export type HandIn = z.infer<typeof HandIn>;

/** Who does a step where it is no worker: by the name of its state. */
export const DoneBy = z.record(z.string().min(1).max(80), z.literal('human'));
export type DoneBy = z.infer<typeof DoneBy>;
