import { JournalPart, RecoveryStrategy, TaskAnswer, TaskQuestion } from '@baton/contracts';
import { z } from 'zod';

/** A task that asked a person, and how another goes on from it. */
export const VisitConversation = z.object({
  /** What was said before, oldest first. */
  parts: z.array(JournalPart),
  /** How the task that asked was tried again; the next one goes on in the same way. */
  recovery: RecoveryStrategy.nullable(),
  question: TaskQuestion,
  /** Null while the question stands. */
  answer: TaskAnswer.nullable(),
  /** Whether a task went out with the answer: another one is a new try then. */
  isTaken: z.boolean(),
});
export type VisitConversation = z.infer<typeof VisitConversation>;
