import { WorkflowRef } from '@baton/contracts';
import { gathering } from '@baton/event-store';
import type { Pool } from 'pg';
import {
  type Among,
  anyName,
  byNameThenNewest,
  type Catalog,
  type CatalogEntry,
  indexShipped,
  refOf,
  type ShippedWorkflow,
} from './catalog.js';
import { CHECKS_IN_PLACE, type Checks } from './checks.js';
import { compareVersions } from './compare-versions.js';
import { KnownEntries } from './known-entries.js';
import { isReadable, isUnreadable, type PublishedDocument, PublishedDocuments } from './published-documents.js';
import { readWorkflowFiles } from './read-workflow-files.js';
import { withdrawnAt } from './withdraw-workflow.js';
import {
  findNewestPublished,
  findOffered,
  findPublished,
  listPublished,
  listPublishedNames,
  readChange,
} from './workflow-table.js';

export interface CatalogLog {
  warn(facts: object, message: string): void;
}

/**
 * The catalog of a service: the documents of a folder, and the published ones. Files that give none are named in the log.
 *
 * @throws BatonError as readWorkflowFiles and openCatalog do
 */
export async function openWorkflowCatalog(
  pool: Pool,
  dir: string,
  log: CatalogLog,
  checks: Checks = CHECKS_IN_PLACE,
): Promise<Catalog> {
  const { workflows, skipped } = await readWorkflowFiles(dir);
  for (const { file, problem } of skipped) {
    // `notice`: whoever starts the service is told, too.
    log.warn(
      { file, code: problem.code, notice: `${problem.message.replace(/\.$/, '')}. ${problem.next}` },
      'a workflow file is skipped',
    );
  }
  for (const { document, sha256, file } of workflows) {
    const row = await findPublished(pool, document.name, document.version);
    if (row === null || row.sha256 === sha256) continue;
    log.warn({ workflow: refOf(document), file }, 'this version is published with other content, the file is not used');
  }
  return openCatalog(pool, workflows, checks);
}

/**
 * The catalog of the documents that ship as files and of those that were published. Each time the table is asked whether it
 * has changed, in one query for all who ask at the same moment: so nothing that was published is ever missed, and what was
 * found is found again without a further look.
 *
 * Where both have the same version of a name, the published one counts: it cannot change, and a file can.
 *
 * @throws BatonError `workflow-duplicate` when two of the files have the same name and version
 */
export function openCatalog(
  pool: Pool,
  shipped: readonly ShippedWorkflow[],
  checks: Checks = CHECKS_IN_PLACE,
): Catalog {
  const shippedIndex = indexShipped(shipped);
  const documents = new PublishedDocuments(pool, checks);

  const known = new KnownEntries();
  const lastChange = gathering<void, number>(async () => {
    const change = await readChange(pool);
    return () => change;
  });

  const findAsOf = async (change: number, ref: string, among: Among): Promise<CatalogEntry | undefined> => {
    const key = `${among} ${ref}`;
    const kept = known.get(change, key);
    if (kept !== undefined) return kept;
    const entry = await look(ref, among);
    if (entry !== undefined) known.put(change, key, entry);
    return entry;
  };

  const look = async (ref: string, among: Among): Promise<CatalogEntry | undefined> => {
    if (!WorkflowRef.safeParse(ref).success) return undefined;
    const [name = '', version] = ref.split('@');
    const file = shippedIndex.byRef.get(ref);
    const findVersion = among === 'offered' ? findOffered : findPublished;
    const row = version === undefined ? await findNewestPublished(pool, name) : await findVersion(pool, name, version);
    if (row === null) return file !== undefined && (await isWithdrawn(file)) ? undefined : file;
    if (file !== undefined && compareVersions(file.document.version, row.version) > 0) return file;
    const found = await documents.read(row);
    if (isReadable(found)) return found;
    throw found.problem;
  };

  /** A file of a version that was withdrawn is not what was published. */
  const isWithdrawn = async ({ document }: CatalogEntry): Promise<boolean> =>
    (await withdrawnAt(pool, document.name, document.version)) !== null;

  const catalog: Catalog = {
    checks,
    find: async (ref, among = 'offered') => findAsOf(await lastChange(), ref, among),
    asOf: (change) => ({ ...catalog, find: (ref, among = 'offered') => findAsOf(change, ref, among) }),
    newestVersion: async (name) => {
      const row = await findNewestPublished(pool, name);
      const file = shippedIndex.byRef.get(name);
      if (file === undefined || (await isWithdrawn(file))) return row?.version ?? null;
      const { version } = file.document;
      return row === null || compareVersions(version, row.version) > 0 ? version : row.version;
    },
    names: async () => {
      const shippedNames = shippedIndex.entries.map(({ document }) => document.name);
      return [...new Set([...shippedNames, ...(await listPublishedNames(pool))])].sort();
    },
    list: async (isAsked = anyName) => {
      const published: PublishedDocument[] = [];
      for (const row of await listPublished(pool)) if (isAsked(row.name)) published.push(await documents.read(row));
      const refs = new Set(published.map((each) => refOf(isReadable(each) ? each.document : each)));
      const files = shippedIndex.entries.filter(({ document }) => isAsked(document.name) && !refs.has(refOf(document)));
      return {
        workflows: [...files, ...published.filter(isReadable)].sort((a, b) => byNameThenNewest(a.document, b.document)),
        unreadable: published.filter(isUnreadable).sort(byNameThenNewest),
      };
    },
  };
  return catalog;
}
