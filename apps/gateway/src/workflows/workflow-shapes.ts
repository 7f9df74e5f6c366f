import type { CatalogEntry, UnreadableWorkflow, WorkflowOrigin } from '@baton/catalog';
import type { WorkflowSummary } from '@baton/contracts';

/** What clients see of a version of a workflow. */
export const toSummary = ({ document, sha256, origin }: CatalogEntry): WorkflowSummary => ({
  name: document.name,
  version: document.version,
  title: document.title,
  sha256,
  ...toPublication(origin),
  problem: null,
});

export const unreadableSummary = (each: UnreadableWorkflow): WorkflowSummary => ({
  name: each.name,
  version: each.version,
  title: null,
  sha256: each.sha256,
  ...toPublication(each.origin),
  problem: each.problem.message,
});

/** The folder of the files is no client's business. */
const toPublication = (origin: WorkflowOrigin): Pick<WorkflowSummary, 'source' | 'publishedAt' | 'publishedBy'> =>
  origin.source === 'shipped'
    ? { source: 'shipped', publishedAt: null, publishedBy: null }
    : { source: 'published', publishedAt: origin.publishedAt, publishedBy: origin.publishedBy };
