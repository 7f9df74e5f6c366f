import type { TaskAnswer } from '@baton/contracts';

/** What a task may ask of a person, and what it was told. */
export interface Asking {
  /** How many questions are left. */
  readonly questions: number;
  /**
   * There where it goes on from tasks before it: how many entries of the journal were paid for then, and, where the last of them
   * asked, what became of the question. It is the outcome of the call that comes next after those.
   */
  readonly before: { readonly entries: number; readonly answer: TaskAnswer | null } | null;
}

export const NOBODY_TO_ASK: Asking = { questions: 0, before: null };

/** Whether the tool is there. One that had it keeps it, so that what was said before is read with the tools of then. */
export const mayAsk = ({ questions, before }: Asking): boolean =>
  questions > 0 || (before !== null && before.answer !== null);
