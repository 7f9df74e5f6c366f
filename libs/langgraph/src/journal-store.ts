import { randomUUID } from 'node:crypto';
import { assertNever, BatonError } from '@baton/contracts';
import type { TaskJournal } from '@baton/worker';
import { z } from 'zod';
import { checkpointsInMemory } from './in-memory.js';
import { CheckpointRecord, type CheckpointStore, WritesRecord } from './records.js';
import { type Blobs, packed, unpacked } from './stored-value.js';

/*
 * A graph that is a task keeps its steps in the journal of its command: what happened to it, in the order in which it happened, and
 * what it is follows from that. So there is nothing beside the log to be kept in step with it: the hash of the journal is in the
 * event of the result, and whoever has the task next folds the same entries.
 */

const Entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('graph-checkpoint'), id: z.string(), ...CheckpointRecord.shape }),
  z.object({ kind: z.literal('graph-writes'), id: z.string(), ...WritesRecord.shape }),
  z.object({ kind: z.literal('graph-thread-deleted'), id: z.string(), thread: z.string() }),
  /** The task ends with a question, which this interrupt asks. */
  z.object({ kind: z.literal('graph-asked'), id: z.string(), interrupt: z.string() }),
]);
type Entry = z.infer<typeof Entry>;
type Fact<E extends Entry = Entry> = E extends Entry ? Omit<E, 'id'> : never;

/** A graph in the journal of a task. */
export interface JournalStore extends CheckpointStore {
  /** Notes which interrupt of the graph a person is asked for; once, however often the task comes. */
  readonly noteAsked: (interrupt: string) => Promise<void>;
  /** The last of those within the first so many entries; null where none was. */
  readonly lastAsked: (entries: number) => Promise<string | null>;
}

/** @param journal of which nothing else makes use */
export function journalStore(journal: TaskJournal, blobs: Blobs): JournalStore {
  const memory = checkpointsInMemory();
  const asked: { readonly at: number; readonly interrupt: string }[] = [];
  let read = 0;
  /** One at a time, in the order of the calls. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };

  function fold(entry: Entry): void {
    switch (entry.kind) {
      case 'graph-checkpoint':
        memory.put(entry);
        break;
      case 'graph-writes':
        memory.putWrites(entry);
        break;
      case 'graph-thread-deleted':
        memory.deleteThread(entry.thread);
        break;
      case 'graph-asked':
        asked.push({ at: read, interrupt: entry.interrupt });
        break;
      default:
        assertNever(entry);
    }
  }

  /** Takes over the next entry, whoever wrote it; null where there is none yet. */
  async function readNext(): Promise<Entry | null> {
    const noted = await journal.read(read);
    if (noted === null) return null;
    const entry = Entry.safeParse(await unpacked(noted, blobs));
    if (!entry.success) {
      throw new BatonError(`Entry ${read} of the journal of this task is not a graph's.`, {
        code: 'journal-of-something-else',
        next: 'Let the graph have the journal of its task for itself.',
        cause: entry.error,
      });
    }
    fold(entry.data);
    read += 1;
    return entry.data;
  }

  async function readOn(): Promise<void> {
    while ((await readNext()) !== null);
  }

  /** Of two deliveries of a task the first to write a number has it; the other one goes on behind what it finds there. */
  async function append(fact: Fact): Promise<void> {
    const id = randomUUID();
    const entry = await packed({ ...fact, id }, blobs);
    await inTurn(async () => {
      await readOn();
      for (;;) {
        await journal.write(read, entry);
        const found = await readNext();
        if (found === null) {
          throw new BatonError('The step of the graph is not kept: nobody waits for its task any more.', {
            code: 'task-closed',
          });
        }
        if (found.id === id) return;
      }
    });
  }

  return {
    put: (record) => append({ kind: 'graph-checkpoint', ...record }),
    putWrites: (record) => append({ kind: 'graph-writes', ...record }),
    deleteThread: (thread) => append({ kind: 'graph-thread-deleted', thread }),
    noteAsked: async (interrupt) => {
      await inTurn(readOn);
      if (asked.at(-1)?.interrupt !== interrupt) await append({ kind: 'graph-asked', interrupt });
    },
    lastAsked: async (entries) => {
      await inTurn(readOn);
      return asked.findLast(({ at }) => at < entries)?.interrupt ?? null;
    },
    list: async function* (query) {
      await inTurn(readOn);
      yield* memory.list(query);
    },
    writesOf: async (place) => {
      await inTurn(readOn);
      return memory.writesOf(place);
    },
  };
}
