import { Actor } from '@baton/contracts';
import { query } from '@baton/event-store';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { ShippedWorkflow } from './catalog.js';

/** A row of the table of published workflows, without its document. */
export interface PublishedRow {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** RFC 3339. */
  readonly publishedAt: string;
  /** Null: an actor of a kind that this program does not know. */
  readonly publishedBy: Actor | null;
}

const Row = z
  .object({
    name: z.string(),
    version: z.string(),
    sha256: z.string(),
    published_at: z.date(),
    published_by: z.string(),
  })
  .transform(
    ({ published_at, published_by, ...row }): PublishedRow => ({
      ...row,
      publishedAt: published_at.toISOString(),
      publishedBy: Actor.safeParse(JSON.parse(published_by)).data ?? null,
    }),
  );

const ROW = `name, version, encode(sha256, 'hex') as sha256, published_at, published_by`;

export async function findPublished(pool: Pool, name: string, version: string): Promise<PublishedRow | null> {
  const text = `select ${ROW} from baton.workflow where name = $1 and version = $2`;
  return first(await query(pool, 'workflow-of-version', text, [name, version]));
}

/** The published version with the highest number. */
export async function findNewestPublished(pool: Pool, name: string): Promise<PublishedRow | null> {
  const text = `select ${ROW} from baton.workflow where name = $1
                 order by string_to_array(version, '.')::int[] desc limit 1`;
  return first(await query(pool, 'workflow-newest', text, [name]));
}

const first = (rows: readonly unknown[]): PublishedRow | null => (rows.length === 0 ? null : Row.parse(rows[0]));

/** The text of a document, as it was stored. Null: there is no such row. */
export async function readPublishedText(pool: Pool, { name, version }: PublishedRow): Promise<string | null> {
  const text = 'select document from baton.workflow where name = $1 and version = $2';
  const rows = await query<{ document: string }>(pool, 'workflow-document', text, [name, version]);
  return rows[0]?.document ?? null;
}

export async function listPublished(pool: Pool): Promise<readonly PublishedRow[]> {
  const rows = await query(pool, 'workflow-list', `select ${ROW} from baton.workflow`);
  return rows.map((row) => Row.parse(row));
}

export async function listPublishedNames(pool: Pool): Promise<readonly string[]> {
  const rows = await query<{ name: string }>(pool, 'workflow-names', 'select distinct name from baton.workflow');
  return rows.map(({ name }) => name);
}

/** @returns null when the name has that version already. */
export async function insertPublished(
  pool: Pool,
  { document, sha256 }: Pick<ShippedWorkflow, 'document' | 'sha256'>,
  by: Actor,
): Promise<PublishedRow | null> {
  const text = `insert into baton.workflow (name, version, sha256, document, published_by)
                values ($1, $2, decode($3, 'hex'), $4, $5) on conflict do nothing returning ${ROW}`;
  // As its author ordered it, since people read it; the hash does not depend on the order.
  const values = [document.name, document.version, sha256, JSON.stringify(document), JSON.stringify(by)];
  return first(await query(pool, 'workflow-insert', text, values));
}
