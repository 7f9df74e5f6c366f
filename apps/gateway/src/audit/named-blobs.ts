import { ConversationEntry, TreeVersion } from '@baton/contracts';
import {
  type JournalRow,
  type LogRow,
  lineageReferences,
  missingBlobs,
  missingFiles,
  type Place,
  resourceOfCommand,
  type SideReference,
  templateReferences,
} from '@baton/event-store';
import type { Pool } from 'pg';
import { z } from 'zod';

/** Says where something is named; null where it turns out to be only somebody's word that there ever was such a blob. */
type Naming = () => Promise<string | null>;

interface Named {
  readonly sha256: string;
  readonly isTree: boolean;
  readonly naming: Naming;
}

/** What is remembered of blobs that are there, so that a tree that is named again and again is read once. */
const MOST_REMEMBERED = 50_000;
const TREES_AT_ONCE = 20;

/*
 * A text of 64 digits in an event need not name a blob: anybody may write one into an input or an answer. What is believed to
 * have been there is what Baton's own workers say of it, since they store before they speak, and what was checked when it was
 * written: versions of lineages, texts of templates. Whose word it is, is asked only where something is missing.
 */
const WRITERS: ReadonlySet<string> = new Set(['programmer', 'tester'].map((kind) => `baton:worker:${kind}`));
const TALKERS: ReadonlySet<string> = new Set(
  ['planner', 'validator', 'programmer', 'tester', 'prompt', 'advisor', 'deployer'].map(
    (kind) => `baton:worker:${kind}`,
  ),
);

const Result = z.object({
  commandId: z.string(),
  output: z.object({ workspace: z.object({ base: TreeVersion, tree: TreeVersion }) }),
});

/** Whether the blobs are there that events, journals, lineages and templates name: those of one verification. */
export class NamedBlobs {
  readonly #there = new Set<string>();

  constructor(private readonly pool: Pool) {}

  /** The workspaces that results name, with their files. @returns what is missing, if something is */
  async ofEvents(
    events: readonly Pick<LogRow, 'type' | 'data' | 'runId' | 'version' | 'position'>[],
  ): Promise<string | null> {
    // Most results have none, and no text is made of their bytes.
    const results = events.filter(({ type, data }) => type === 'TaskSucceeded' && data.includes('"workspace":{'));
    return this.#missing(
      results.flatMap((event): readonly Named[] => {
        const { success, data } = Result.safeParse(JSON.parse(event.data.toString()));
        if (!success) return [];
        const { base, tree } = data.output.workspace;
        const naming = this.#byTask(event, data.commandId, WRITERS, 'the result');
        return [base, tree].map((sha256) => ({ sha256, isTree: true, naming }));
      }),
    );
  }

  /** Files that tools made or changed, and what was shown to a model, as the journal of a task has it. */
  async ofJournal(place: Place, commandId: string, rows: readonly JournalRow[]): Promise<string | null> {
    const naming = this.#byTask(place, commandId, TALKERS, 'the journal');
    return this.#missing(
      rows.flatMap(({ text }) => hashesOfEntry(text).map((sha256) => ({ sha256, isTree: false, naming }))),
    );
  }

  /** What is named beside the log: versions of lineages with their files, and the texts of templates. */
  async besideTheLog(): Promise<string | null> {
    const named =
      (isTree: boolean) =>
      ({ what, sha256 }: SideReference): Named => ({
        ...{ sha256, isTree },
        naming: async () => what,
      });
    for await (const page of lineageReferences(this.pool)) {
      const found = await this.#missing(page.map(named(true)));
      if (found !== null) return found;
    }
    return this.#missing((await templateReferences(this.pool)).map(named(false)));
  }

  #byTask({ runId, version, position }: Place, commandId: string, kinds: ReadonlySet<string>, what: string): Naming {
    return async () => {
      const resource = await resourceOfCommand(this.pool, runId, commandId);
      if (resource === null || !kinds.has(resource)) return null;
      return `run ${runId}, version ${version} (position ${position}): ${what} of its task ${commandId}`;
    };
  }

  async #missing(all: readonly Named[]): Promise<string | null> {
    const named = all.filter(({ sha256 }) => !this.#there.has(sha256));
    if (named.length === 0) return null;
    const gone = new Set(await missingBlobs(this.pool, [...new Set(named.map(({ sha256 }) => sha256))]));
    for (const { sha256, naming } of named) {
      const where = gone.has(sha256) ? await naming() : null;
      if (where !== null) return `${where} names the blob ${sha256}, which is not there`;
    }
    const there = named.filter(({ sha256 }) => !gone.has(sha256));
    const found = await this.#missingFiles(there.filter(({ isTree }) => isTree));
    if (found !== null) return found;
    if (this.#there.size > MOST_REMEMBERED) this.#there.clear();
    for (const { sha256 } of there) this.#there.add(sha256);
    return null;
  }

  async #missingFiles(trees: readonly Named[]): Promise<string | null> {
    const hashes = [...new Set(trees.map(({ sha256 }) => sha256))];
    for (let at = 0; at < hashes.length; at += TREES_AT_ONCE) {
      for (const file of await missingFiles(this.pool, hashes.slice(at, at + TREES_AT_ONCE))) {
        for (const { sha256, naming } of trees) {
          const where = sha256 === file.tree ? await naming() : null;
          if (where === null) continue;
          return `${where} names the tree ${file.tree}, and its file ${file.path} (${file.sha256}) is not there`;
        }
      }
    }
    return null;
  }
}

/** An empty file has no blob. */
function hashesOfEntry(text: string): readonly string[] {
  if (!text.includes('"sha256"')) return [];
  const { success, data } = ConversationEntry.safeParse(JSON.parse(text));
  if (!success) return [];
  const changes = data.kind === 'outcome' ? data.changes.flatMap(({ now }) => now ?? []) : [];
  const media = data.kind === 'outcome' || data.kind === 'documents' ? (data.media ?? []) : [];
  return [...changes, ...media].filter(({ size }) => size > 0).map(({ sha256 }) => sha256);
}
