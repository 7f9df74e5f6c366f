import { BatonErrorName, type JournalPart, type TaskAnswer, TaskQuestion } from '@baton/contracts';
import { entriesBefore, type TaskJournal } from './joined-journal.js';
import type { TaskFailure, WorkerTask } from './task-handler.js';

/**
 * A piece of work that may be made of several tasks: one that asks a person ends, and another goes on with the answer, from what
 * was noted until then.
 */
export interface TaskConversation {
  /** The command id of the first of its tasks: the same in all of them. */
  readonly begunBy: string;
  /** What was noted for the tasks before, as far as it counts, and then for this one: one journal, from 0 on. */
  readonly journal: TaskJournal;
  /** How many entries of it are of the tasks before. */
  readonly before: number;
  /** How many questions it may still put to a person. */
  readonly questions: number;
  /** What became of the question that the task before this one ended with. */
  readonly answer: TaskAnswer | undefined;
  /** Ends the task with a question: it throws, and nothing may catch that. Without a question left the task fails. */
  readonly ask: (question: TaskQuestion) => never;
}

/** How a task ends that asks. */
export class AsksPerson extends Error {
  constructor(
    readonly question: TaskQuestion,
    /** How many entries its own journal has. */
    readonly entries: number,
  ) {
    super(question.text);
  }

  get result(): TaskFailure {
    const { question, entries } = this;
    return {
      ok: false,
      error: BatonErrorName.asksPerson,
      cause: question.text,
      retryable: false,
      asks: { ...question, entries },
    };
  }
}

/** @param journalFor joins the journals of the tasks before with that of the command */
export function conversationOf(
  { commandId, continues = [], questions = 0, answer }: WorkerTask,
  journalFor: (commandId: string, continues: readonly JournalPart[]) => TaskJournal,
): TaskConversation {
  const journal = journalFor(commandId, continues);
  const before = entriesBefore(continues);
  let entries = 0;
  const isThere = (index: number): void => {
    entries = Math.max(entries, index + 1 - before);
  };
  return {
    begunBy: continues[0]?.commandId ?? commandId,
    before,
    questions,
    answer,
    journal: {
      read: async (index) => {
        const entry = await journal.read(index);
        if (entry !== null) isThere(index);
        return entry;
      },
      write: async (index, entry) => {
        await journal.write(index, entry);
        isThere(index);
      },
    },
    ask: (question) => {
      throw new AsksPerson(TaskQuestion.parse(question), entries);
    },
  };
}
