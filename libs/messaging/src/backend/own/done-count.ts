import type { MessageStore } from './message-store.js';

const NOTE_EVERY_MS = 1_000;

export interface DoneCount {
  readonly add: (count: number) => void;
  /** Writes down what was not yet. */
  readonly flush: () => Promise<void>;
}

/**
 * Counts what a worker did, and writes it down once a second at most: so that the way of each message is no longer for it. Where
 * that fails it is not counted: what was done is no less done.
 */
export function doneCount(store: Pick<MessageStore, 'noteDone'>, queue: string): DoneCount {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const noted = count;
    count = 0;
    if (noted > 0) await store.noteDone(queue, noted).catch(() => {});
  };
  return {
    flush,
    add: (more) => {
      count += more;
      if (count > 0) timer ??= setTimeout(flush, NOTE_EVERY_MS).unref();
    },
  };
}
