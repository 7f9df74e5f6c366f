import { createHash } from 'node:crypto';
import { BatonError } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { query } from './pool.js';

/** A workflow document: its text, and the SHA-256 (hex) of that in UTF-8, by which events name it. */
export interface NamedDocument {
  readonly sha256: string;
  readonly text: string;
}

/** An event that names a document says so in front, and nothing else begins like that: see `documentNamedBy`. */
const NAMES = /^\{"documentSha256":"([0-9a-f]{64})"/;

/** The hash of the document that an event names, by the text of its data; null where it names none. */
const documentNamedBy = (dataText: string): string | null =>
  dataText.startsWith('{"documentSha256":"') ? (NAMES.exec(dataText)?.[1] ?? null) : null;

const NAME_BEGINS = Buffer.from('{"documentSha256":"');

/** Characters; one document has 1 MiB at most. */
const MOST_TEXT = 16 * 1024 * 1024;

/** Read documents, by their hash, those asked for last at the end. Never wrong: what has a hash cannot change. */
const known = new Map<string, NamedDocument>();
let knownText = 0;

function remember(document: NamedDocument): void {
  known.set(document.sha256, document);
  knownText += document.text.length;
  for (const [sha256, { text }] of known) {
    if (knownText <= MOST_TEXT || known.size === 1) return;
    known.delete(sha256);
    knownText -= text.length;
  }
}

function recall(sha256: string): NamedDocument | undefined {
  const document = known.get(sha256);
  if (document === undefined) return undefined;
  known.delete(sha256);
  known.set(sha256, document);
  return document;
}

/**
 * Events with the documents that they name, each read from the database once a process. Whoever selects events otherwise
 * than by the functions here passes them through this before they are read.
 *
 * @throws BatonError `document-missing`, `document-corrupt`
 */
export async function withDocuments<E extends { readonly dataText: string }>(
  pool: Pool | PoolClient,
  events: readonly E[],
): Promise<(E & { readonly document?: NamedDocument })[]> {
  const found: (E & { readonly document?: NamedDocument })[] = [];
  for (const event of events) {
    const sha256 = documentNamedBy(event.dataText);
    if (sha256 === null) found.push(event);
    else found.push({ ...event, document: recall(sha256) ?? (await load(pool, sha256)) });
  }
  return found;
}

async function load(pool: Pool | PoolClient, sha256: string): Promise<NamedDocument> {
  const text = await storedText(pool, sha256);
  const problem = problemOfText(sha256, text);
  if (problem !== null || text === null) {
    throw new BatonError(`${problem ?? sha256}.`, {
      code: text === null ? 'document-missing' : 'document-corrupt',
      next: 'Somebody changed the database by hand: restore the table baton.document from a backup, and verify the log with `baton audit verify`.',
    });
  }
  const document = { sha256, text };
  remember(document);
  return document;
}

async function storedText(pool: Pool | PoolClient, sha256: string): Promise<string | null> {
  const key = [Buffer.from(sha256, 'hex')];
  const rows = await query<{ body: string }>(
    pool,
    'document-text',
    'select body from baton.document where sha256 = $1',
    key,
  );
  return rows[0]?.body ?? null;
}

function problemOfText(sha256: string, text: string | null): string | null {
  if (text === null) return `the document ${sha256}, which is named in the log, is missing`;
  const is = createHash('sha256').update(text, 'utf8').digest('hex');
  return is === sha256 ? null : `the document ${sha256} is not what was written: its hash is ${is}`;
}

/** Looks at each document once, as it stands in the database now, whatever the process remembers. */
export class DocumentCheck {
  readonly #problems = new Map<string, string | null>();

  constructor(private readonly pool: Pool) {}

  /** Whether the data of an event may name a document: a look at its first bytes, in front of making a text of all of them. */
  namedIn(data: Buffer): boolean {
    return (
      data.length > NAME_BEGINS.length && data.compare(NAME_BEGINS, 0, NAME_BEGINS.length, 0, NAME_BEGINS.length) === 0
    );
  }

  /** What is wrong with the document that an event names; null where nothing is, or it names none. */
  async problemOf(dataText: string): Promise<string | null> {
    const sha256 = documentNamedBy(dataText);
    if (sha256 === null) return null;
    const looked = this.#problems.get(sha256);
    if (looked !== undefined) return looked;
    const problem = problemOfText(sha256, await storedText(this.pool, sha256));
    this.#problems.set(sha256, problem);
    return problem;
  }
}
