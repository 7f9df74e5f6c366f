import type { TaskAnswer, TaskQuestion } from '@baton/contracts';
import type { HandleContext } from '@baton/worker';
import type { GraphWork } from '../go-on-with-graph.js';
import type { Blobs } from '../stored-value.js';
import { blobsInMemory, journalInMemory } from './journal-in-memory.js';

export interface Delivered {
  readonly entries?: string[];
  readonly blobs?: Blobs;
  /** How many of the entries are of the tasks before. */
  readonly before?: number;
  readonly answer?: TaskAnswer;
}

/** What a question ends the task with. */
export class Asked extends Error {
  constructor(readonly question: TaskQuestion) {
    super(question.text);
  }
}

/** What a worker has around a task that is delivered with these entries in its journal. */
export function deliveryOf({ entries = [], blobs = blobsInMemory(), before = 0, answer }: Delivered = {}): {
  readonly context: GraphWork<never, never>['context'];
  readonly entries: string[];
  readonly beats: readonly string[];
  readonly blobs: Blobs;
} {
  const journal = journalInMemory(entries);
  const beats: string[] = [];
  const conversation: HandleContext['conversation'] = {
    begunBy: 'first',
    before,
    journal,
    questions: 3,
    answer,
    ask: (question) => {
      throw new Asked(question);
    },
  };
  const context = {
    blobs,
    conversation,
    heartbeat: (progress = '') => void beats.push(progress),
    signal: new AbortController().signal,
  };
  return { context, entries: journal.entries, beats, blobs };
}
