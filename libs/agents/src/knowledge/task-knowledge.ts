import type { KnowledgeUse, ShownMedia, SourceLeftOut, SourceRead, TaskFacts } from '@baton/contracts';
import type { Knowledge, OpenedKnowledge } from '@baton/knowledge';
import { type BlobStore, getFile } from '@baton/workspace';
import type { Documentation } from './documentation.js';

/** The documentation of one task: opened when it is first asked for, and a record of what was read of it. */
export interface TaskKnowledge {
  /** Reads and indexes it, once a task. Throws for `signal` alone. */
  readonly open: (documentation: Documentation, signal: AbortSignal) => Promise<OpenedKnowledge>;
  /**
   * Adds what came of a look, now or in an earlier delivery: an entry of the journal says it. What an earlier task read counts
   * towards what may be read, and is in the result of that task.
   */
  readonly add: (use: KnowledgeUse, media: readonly ShownMedia[], isEarlier: boolean) => void;
  readonly spent: () => KnowledgeSpent;
  /** What the result of the task says; nothing where nobody looked. */
  readonly facts: () => Pick<TaskFacts, 'knowledge'>;
  /** The bytes of an image or a PDF that was shown. */
  readonly bytesOf: (media: ShownMedia) => Promise<Buffer>;
}

/** What a task has used of its documentation, by its journal alone. */
interface KnowledgeSpent {
  readonly looks: number;
  readonly shownBytes: number;
  readonly media: number;
  readonly mediaBytes: number;
}

/** Of more the record would say nothing to anybody, and stand in the log for ever. */
const MOST_READ = 300;
const MOST_LEFT_OUT = 100;

export function openTaskKnowledge(knowledge: Knowledge, store: BlobStore): TaskKnowledge {
  let opened: Promise<OpenedKnowledge> | null = null;
  let use: KnowledgeUse | null = null;
  let spent: KnowledgeSpent = { looks: 0, shownBytes: 0, media: 0, mediaBytes: 0 };
  return {
    open: ({ locations, files }, signal) => {
      opened ??= knowledge.open(locations, files, signal).catch((thrown: unknown) => {
        opened = null;
        throw thrown;
      });
      return opened;
    },
    add: (more, media, isEarlier) => {
      if (!isEarlier) use = joined(use ?? { read: [], leftOut: [], searched: more.searched }, more);
      spent = {
        looks: spent.looks + 1,
        shownBytes: spent.shownBytes + more.read.reduce((sum, { shownBytes }) => sum + shownBytes, 0),
        media: spent.media + media.length,
        mediaBytes: spent.mediaBytes + media.reduce((sum, { size }) => sum + size, 0),
      };
    },
    spent: () => spent,
    facts: () => (use === null ? {} : { knowledge: use }),
    bytesOf: (media) => getFile(store, media),
  };
}

/** A source once, with all that was shown of it; read anew with another content it is another one. */
function joined(before: KnowledgeUse, more: KnowledgeUse): KnowledgeUse {
  const read = new Map<string, SourceRead>();
  for (const each of [...before.read, ...more.read]) {
    const key = `${each.sha256} ${each.source}`;
    const known = read.get(key);
    read.set(key, known === undefined ? each : { ...known, shownBytes: known.shownBytes + each.shownBytes });
  }
  const leftOut = new Map<string, SourceLeftOut>();
  for (const each of [...before.leftOut, ...more.leftOut]) leftOut.set(each.location, each);
  return {
    read: [...read.values()].slice(0, MOST_READ),
    leftOut: [...leftOut.values()].slice(0, MOST_LEFT_OUT),
    searched: more.searched,
  };
}
