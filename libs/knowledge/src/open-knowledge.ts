import { type Resolve, resolveHost } from '@baton/outbound';
import { sha256Of } from '@baton/workspace';
import { type Cache, openCache } from './cache.js';
import type { Passage } from './documents/passages.js';
import { type Document, readDocument } from './documents/read-document.js';
import { type GatherParts, gather, type LeftOut, type RunFile, type Source, type TextSource } from './gather.js';
import { DEFAULT_LIMITS, type KnowledgeLimits } from './limits.js';
import type { AllowedPages } from './places/allowed-hosts.js';
import { fetchPage, type Page } from './places/fetch-page.js';
import { buildIndex, type SearchIndex } from './search/search-index.js';

/** Where documentation may be read from, beside the files of a run. */
export interface KnowledgeSettings {
  /** Folders of this machine, absolute. */
  readonly roots: readonly string[];
  readonly hosts: readonly AllowedPages[];
  readonly allowPrivate: boolean;
  /** Folders of which nothing is shown. */
  readonly hidden: readonly string[];
  readonly now: () => Date;
  readonly limits?: KnowledgeLimits;
  readonly resolve?: Resolve;
}

/** A passage that was found. Of an image or a PDF the name alone is known. */
export interface Hit {
  readonly source: Source;
  readonly passage: Passage | null;
  readonly rank: number;
}

/** The documentation of one task. */
export interface OpenedKnowledge {
  readonly sources: readonly Source[];
  readonly leftOut: readonly LeftOut[];
  /** The passages that fit best, at most so many. */
  readonly search: (query: string, most: number) => readonly Hit[];
}

export interface Knowledge {
  /** Reads and indexes all that the locations name. Throws for `signal` alone. */
  readonly open: (
    locations: readonly string[],
    runFiles: readonly RunFile[],
    signal: AbortSignal,
  ) => Promise<OpenedKnowledge>;
  /** What is kept in memory for the next task, in bytes as they are estimated. */
  readonly keptBytes: () => number;
  readonly close: () => void;
}

const MB = 1024 * 1024;
const IDLE_MS = 10 * 60_000;
/** A page that several tasks of a run look at is fetched once by each worker. */
const PAGE_MS = 5 * 60_000;
/** A text in memory, its lines and its passages, measured; and its index. */
const DOCUMENT_WEIGHT = 3;
const INDEX_WEIGHT = 10;

/** What one process knows, for all tasks: documents and indexes by the hash of what they were made of. */
export function openKnowledge(settings: KnowledgeSettings): Knowledge {
  const { roots, hosts, allowPrivate, hidden, now, limits = DEFAULT_LIMITS, resolve = resolveHost } = settings;
  const documents = openCache<Document>({ mostWeight: 96 * MB, idleMs: IDLE_MS });
  const indexes = openCache<SearchIndex>({ mostWeight: 192 * MB, idleMs: IDLE_MS });
  const pages = openCache<{ readonly page: Page; readonly at: string }>({ mostWeight: 32 * MB, idleMs: PAGE_MS });

  const fetch: GatherParts['fetch'] = async (url, signal) => {
    const before = pages.get(url.href);
    if (before !== undefined && now().getTime() - Date.parse(before.at) < PAGE_MS) return { ok: true, ...before };
    const fetched = await fetchPage(url, { hosts, allowPrivate, resolve, limits }, signal);
    if (!fetched.ok) return fetched;
    const kept = { page: fetched.page, at: now().toISOString() };
    pages.put(url.href, kept, fetched.page.bytes.length);
    return { ok: true, ...kept };
  };

  return {
    open: async (locations, runFiles, signal) => {
      const parts: GatherParts = {
        runFiles,
        machine: { roots, hidden, limits },
        limits,
        fetch,
        documentOf: documentsIn(documents),
        now,
      };
      const { sources, leftOut } = await gather(locations, parts, signal);
      const found = foundIn(sources);
      const index = await indexOf(sources, found, indexes, signal);
      const search: OpenedKnowledge['search'] = (query, most) =>
        index.search(query, most).flatMap(({ at, rank }) => {
          const hit = found[at];
          return hit === undefined ? [] : [{ ...hit, rank }];
        });
      return { sources, leftOut, search };
    },
    keptBytes: () => documents.weight() + indexes.weight() + pages.weight(),
    close: () => {
      for (const cache of [documents, indexes, pages]) cache.clear();
    },
  };
}

const documentsIn =
  (documents: Cache<Document>): GatherParts['documentOf'] =>
  async (sha256, kind, charset, read) => {
    const key = `${sha256} ${kind} ${charset ?? ''}`;
    const before = documents.get(key);
    if (before !== undefined) return before;
    const bytes = await read();
    const document = await readDocument(bytes, kind, charset);
    if (document !== null) documents.put(key, document, 1_000 + bytes.length * DOCUMENT_WEIGHT);
    return document;
  };

type Found = Omit<Hit, 'rank'>;

const foundIn = (sources: readonly Source[]): readonly Found[] =>
  sources.flatMap((source): readonly Found[] =>
    source.kind === 'text'
      ? source.document.passages.map((passage) => ({ source, passage }))
      : [{ source, passage: null }],
  );

async function indexOf(
  sources: readonly Source[],
  found: readonly Found[],
  indexes: Cache<SearchIndex>,
  signal: AbortSignal,
): Promise<SearchIndex> {
  const texts = sources.filter((source): source is TextSource => source.kind === 'text');
  const key = sha256Of(
    Buffer.from(JSON.stringify(sources.map((source) => [source.name, source.kind === 'text' ? source.sha256 : null]))),
  );
  const before = indexes.get(key);
  if (before !== undefined) return before;
  const entries = found.map(({ source, passage }) => ({
    title: `${source.name} ${passage?.heading ?? ''}`,
    text: passage?.text ?? '',
  }));
  const index = await buildIndex(entries, signal);
  const bytes = texts.reduce((sum, each) => sum + each.bytes, 0);
  indexes.put(key, index, 1_000 + bytes * INDEX_WEIGHT);
  return index;
}
