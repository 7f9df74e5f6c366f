import { BatonError, JsonObject, toError } from '@baton/contracts';
import { canonicalSha256, type DefaultLanguage, documentAsMeant, noteChecked } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { type CatalogEntry, refOf, type UnreadableWorkflow } from './catalog.js';
import { describeFindings } from './check-document.js';
import type { Checks } from './checks.js';
import { type PublishedRow, readPublishedText } from './workflow-table.js';

export type PublishedDocument = CatalogEntry | UnreadableWorkflow;

export const isReadable = (read: PublishedDocument): read is CatalogEntry => 'document' in read;
export const isUnreadable = (read: PublishedDocument): read is UnreadableWorkflow => !isReadable(read);

/** Parsing and checking a document costs milliseconds; this many are kept, those read longest ago go first. */
const MOST_KEPT = 500;

/** Reads the documents of rows, each once: what has the same hash is the same. */
export class PublishedDocuments {
  readonly #known = new Map<string, PublishedDocument>();

  constructor(
    private readonly pool: Pool,
    private readonly checks: Pick<Checks, 'document'>,
  ) {}

  async read(row: PublishedRow): Promise<PublishedDocument> {
    const known = this.#known.get(row.sha256);
    const read = known ?? (await toDocument(row, await readPublishedText(this.pool, row), this.checks));
    this.#known.delete(row.sha256);
    this.#known.set(row.sha256, read);
    const oldest = this.#known.keys().next();
    if (this.#known.size > MOST_KEPT && oldest.done !== true) this.#known.delete(oldest.value);
    return read;
  }
}

async function toDocument(
  row: PublishedRow,
  text: string | null,
  checks: Pick<Checks, 'document'>,
): Promise<PublishedDocument> {
  const { name, version, sha256, publishedAt, publishedBy } = row;
  const origin = { source: 'published', publishedAt, publishedBy } as const;
  const unreadable = (reason: string, next: string): UnreadableWorkflow => {
    const message = `The published workflow ${refOf(row)} cannot be used: ${reason}.`;
    return { name, version, sha256, origin, problem: new BatonError(message, { code: 'workflow-unreadable', next }) };
  };
  const json = parseJson(text);
  if (json instanceof Error || canonicalSha256(json) !== sha256) {
    return unreadable(
      'its document is not the one that was published',
      'Somebody changed the database by hand: restore the table baton.workflow from a backup.',
    );
  }
  const checked = await checks.document(asMeant(json, row.defaultLanguage));
  if (!checked.ok) {
    return unreadable(
      `this program does not understand it: ${describeFindings(checked.findings)}`,
      'Use the version of Baton that published it, or publish a corrected document under a new version.',
    );
  }
  noteChecked(checked.document);
  return { document: checked.document, sha256, origin };
}

/** What is no document at all is left to the check. */
function asMeant(json: unknown, defaultLanguage: DefaultLanguage | undefined): unknown {
  const document = WithDefinition.safeParse(json);
  return document.success ? documentAsMeant(document.data, defaultLanguage) : json;
}

const WithDefinition = z.looseObject({ definition: JsonObject });

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (thrown) {
    return toError(thrown);
  }
}
