import { Actor } from '@baton/contracts';
import { database, one, query } from '@baton/event-store';
import { DefaultLanguage, defaultLanguageOf } from '@baton/workflow';
import { type Selectable, sql } from 'kysely';
import type { Pool } from 'pg';
import type { ShippedWorkflow } from './catalog.js';
import type { Tables } from './tables.js';

/** A row of the table of published workflows, without its document. */
export interface PublishedRow {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** RFC 3339. */
  readonly publishedAt: string;
  /** Null: an actor of a kind that this program does not know. */
  readonly publishedBy: Actor | null;
  /** By which rule the document is to be read, where it matters. */
  readonly defaultLanguage: DefaultLanguage | undefined;
}

const COLUMNS = ['name', 'version', 'sha256', 'published_at', 'published_by', 'default_language'] as const;

type Row = Pick<Selectable<Tables['workflow']>, (typeof COLUMNS)[number]>;

const toPublished = ({ name, version, sha256, published_at, published_by, default_language }: Row): PublishedRow => ({
  name,
  version,
  sha256: sha256.toString('hex'),
  publishedAt: published_at.toISOString(),
  publishedBy: Actor.safeParse(JSON.parse(published_by)).data ?? null,
  defaultLanguage: DefaultLanguage.nullable().parse(default_language) ?? undefined,
});

const first = (row: Row | undefined): PublishedRow | null => (row === undefined ? null : toPublished(row));

const workflows = (pool: Pool, name: string) => database<Tables>(pool, name).selectFrom('workflow');

/** Those that were not withdrawn. */
const offered = (pool: Pool, name: string) =>
  workflows(pool, name).where(({ not, exists, selectFrom }) =>
    not(
      exists(
        selectFrom('workflow_withdrawal as w')
          .select('w.name')
          .whereRef('w.name', '=', 'workflow.name')
          .whereRef('w.version', '=', 'workflow.version'),
      ),
    ),
  );

/** The number of the last change: see the migration. */
export async function readChange(pool: Pool): Promise<number> {
  const rows = await query<{ number: number }>(pool, 'workflow-change', 'select number from baton.workflow_change');
  return one(rows, 'the change of the workflows').number;
}

export async function findPublished(pool: Pool, name: string, version: string): Promise<PublishedRow | null> {
  const query = workflows(pool, 'workflow-of-version').select(COLUMNS);
  return first(await query.where('name', '=', name).where('version', '=', version).executeTakeFirst());
}

/** As `findPublished`, where the version was not withdrawn. */
export async function findOffered(pool: Pool, name: string, version: string): Promise<PublishedRow | null> {
  const query = offered(pool, 'workflow-offered').select(COLUMNS);
  return first(await query.where('name', '=', name).where('version', '=', version).executeTakeFirst());
}

/** The offered version with the highest number. */
export async function findNewestPublished(pool: Pool, name: string): Promise<PublishedRow | null> {
  const row = await offered(pool, 'workflow-newest')
    .select(COLUMNS)
    .where('name', '=', name)
    // As the index has it.
    .orderBy(sql`string_to_array(version, '.')::int[]`, 'desc')
    .limit(1)
    .executeTakeFirst();
  return first(row);
}

/** The text of a document, as it was stored. Null: there is no such row. */
export async function readPublishedText(pool: Pool, { name, version }: PublishedRow): Promise<string | null> {
  const query = workflows(pool, 'workflow-document').select('document');
  const row = await query.where('name', '=', name).where('version', '=', version).executeTakeFirst();
  return row?.document ?? null;
}

export async function listPublished(pool: Pool): Promise<readonly PublishedRow[]> {
  return (await offered(pool, 'workflow-list').select(COLUMNS).execute()).map(toPublished);
}

export async function listPublishedNames(pool: Pool): Promise<readonly string[]> {
  return (await offered(pool, 'workflow-names').select('name').distinct().execute()).map(({ name }) => name);
}

/** As `insertPublished`, by the hub: of names that composed documents have, and no others. */
export async function insertComposed(
  pool: Pool,
  { document, sha256 }: Pick<ShippedWorkflow, 'document' | 'sha256'>,
  by: Actor,
): Promise<PublishedRow | null> {
  const { name, version } = document;
  const { defaultLanguage } = defaultLanguageOf(document);
  const rows = await query<{ at: Date | null }>(
    pool,
    'workflow-composed',
    'select baton.publish_composed($1, $2, $3, $4, $5, $6) as at',
    [
      ...[name, version, Buffer.from(sha256, 'hex'), JSON.stringify(document), JSON.stringify(by)],
      defaultLanguage ?? null,
    ],
  );
  const { at } = one(rows, 'a composed workflow');
  if (at === null) return null;
  return { name, version, sha256, publishedAt: at.toISOString(), publishedBy: by, defaultLanguage };
}

/** @returns null when the name has that version already. */
export async function insertPublished(
  pool: Pool,
  { document, sha256 }: Pick<ShippedWorkflow, 'document' | 'sha256'>,
  by: Actor,
): Promise<PublishedRow | null> {
  const row = await database<Tables>(pool, 'workflow-insert')
    .insertInto('workflow')
    .values({
      name: document.name,
      version: document.version,
      sha256: Buffer.from(sha256, 'hex'),
      // As its author ordered it, since people read it; the hash does not depend on the order.
      document: JSON.stringify(document),
      published_by: JSON.stringify(by),
      default_language: defaultLanguageOf(document).defaultLanguage ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(COLUMNS)
    .executeTakeFirst();
  return first(row);
}
