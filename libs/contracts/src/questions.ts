import { z } from 'zod';
import { CommandId } from './ids.js';

/*
 * A task that asks a person ends, and another goes on where it was once there is an answer. What the model said, and what
 * tools gave, is in the journals of the tasks before, so nothing is paid or run a second time.
 */

const Choice = z.string().min(1).max(300);

/** What is asked, in words. `choices`: answers that are likely; another one may be given all the same. */
export const TaskQuestion = z.object({
  text: z.string().min(1).max(4_000),
  choices: z.array(Choice).min(1).max(10).optional(),
});
export type TaskQuestion = z.infer<typeof TaskQuestion>;

/** A failed result with this is none: the task asks. `entries`: how many entries its own journal has so far. */
export const TaskAsks = TaskQuestion.extend({ entries: z.int().nonnegative() });
export type TaskAsks = z.infer<typeof TaskAsks>;

/** What became of the question of the task before. `text`: the answer, or why there is none. */
export const TaskAnswer = z.object({
  outcome: z.enum(['answered', 'declined', 'timed-out']),
  text: z.string(),
  /** Who said so, as `user:ada`; null where nobody did. */
  by: z.string().nullable(),
});
export type TaskAnswer = z.infer<typeof TaskAnswer>;

/** The first `entries` entries of the journal of an earlier task. */
export const JournalPart = z.object({ commandId: CommandId, entries: z.int().nonnegative() });
export type JournalPart = z.infer<typeof JournalPart>;
