import type { Actor } from '@baton/contracts';
import type { Pool } from 'pg';
import { type Catalog, refOf, type ShippedWorkflow, type WorkflowOrigin } from './catalog.js';
import { compareVersions } from './compare-versions.js';
import { withdrawnAt } from './withdraw-workflow.js';
import { findPublished, insertComposed, insertPublished, type PublishedRow } from './workflow-table.js';

export type Publication =
  /** `published`: just now. `unchanged`: the same document was there already. */
  | { readonly status: 'published' | 'unchanged'; readonly origin: WorkflowOrigin }
  /** The version was withdrawn, which is final. */
  | { readonly status: 'withdrawn'; readonly withdrawnAt: string }
  /** The version has another document. */
  | { readonly status: 'taken'; readonly sha256: string; readonly origin: WorkflowOrigin }
  /** The name has a higher version, for which it goes on to stand. */
  | { readonly status: 'lower'; readonly newest: string };

/**
 * Publishes a checked document, for ever. What is new is the newest: whoever publishes a document and asks for its name would
 * run another otherwise. Of two that come at once with the same name and version the first counts.
 *
 * @param catalog one that knows the files that ship: their versions are taken, too
 */
export async function publishWorkflow(
  pool: Pool,
  catalog: Pick<Catalog, 'find' | 'newestVersion'>,
  workflow: Pick<ShippedWorkflow, 'document' | 'sha256'>,
  by: Actor,
  insert: typeof insertPublished = insertPublished,
): Promise<Publication> {
  const { document, sha256 } = workflow;
  const compared = (known: { readonly sha256: string; readonly origin: WorkflowOrigin }): Publication =>
    known.sha256 === sha256 ? { status: 'unchanged', origin: known.origin } : { status: 'taken', ...known };

  const row = await findPublished(pool, document.name, document.version);
  const withdrawn = row === null ? null : await withdrawnAt(pool, document.name, document.version);
  if (withdrawn !== null) return { status: 'withdrawn', withdrawnAt: withdrawn };
  if (row !== null) return compared({ sha256: row.sha256, origin: originOf(row) });
  const shipped = await catalog.find(refOf(document));
  if (shipped !== undefined) return compared({ sha256: shipped.sha256, origin: shipped.origin });
  const newest = await catalog.newestVersion(document.name);
  if (newest !== null && compareVersions(document.version, newest) < 0) return { status: 'lower', newest };
  const inserted = await insert(pool, workflow, by);
  if (inserted !== null) return { status: 'published', origin: originOf(inserted) };
  return publishWorkflow(pool, catalog, workflow, by, insert);
}

/** The same for the hub, of documents that were composed for a goal: their names follow from what they say. */
export const publishComposed = (
  pool: Pool,
  catalog: Pick<Catalog, 'find' | 'newestVersion'>,
  workflow: Pick<ShippedWorkflow, 'document' | 'sha256'>,
  by: Actor,
): Promise<Publication> => publishWorkflow(pool, catalog, workflow, by, insertComposed);

const originOf = ({ publishedAt, publishedBy }: PublishedRow): WorkflowOrigin => ({
  source: 'published',
  publishedAt,
  publishedBy,
});
