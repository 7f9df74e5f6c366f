import { type Actor, BatonError } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { CHECKS_IN_PLACE, type Checks } from './checks.js';
import { compareVersions } from './compare-versions.js';

/** A file of the folder of workflow documents, or a row of the table of published ones. */
export type WorkflowOrigin =
  | { readonly source: 'shipped'; readonly file: string }
  /** `publishedAt` is RFC 3339; `publishedBy` null for an actor of a kind that this program does not know. */
  | { readonly source: 'published'; readonly publishedAt: string; readonly publishedBy: Actor | null };

export interface CatalogEntry {
  readonly document: WorkflowDocument;
  /** SHA-256 (hex) of the document's canonical JSON, as it stands in RunStarted. */
  readonly sha256: string;
  readonly origin: WorkflowOrigin;
}

/** A published document that this program cannot read: a newer or an older one published it. */
export interface UnreadableWorkflow {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly origin: WorkflowOrigin;
  readonly problem: BatonError;
}

/** Both by name, newest version first. */
interface CatalogListing {
  readonly workflows: readonly CatalogEntry[];
  readonly unreadable: readonly UnreadableWorkflow[];
}

/** The versions that anybody may run, or also those that were withdrawn. */
export type Among = 'offered' | 'kept';

/** The workflows a process knows. What was published a moment ago, by whatever process, is among them. */
export interface Catalog {
  /** Where documents, and inputs for them, are checked. */
  readonly checks: Checks;
  /**
   * The workflow that `name@version` or, for its newest version, `name` stands for.
   *
   * @param among `kept`: also a version that was withdrawn, for what was accepted before
   *
   * @throws BatonError `workflow-unreadable` when there is one and this program cannot read it
   * @throws RetryableError `database-unreachable`
   */
  find(ref: string, among?: Among): Promise<CatalogEntry | undefined>;
  /** The version that the name alone stands for, be it readable or not; null where nothing of the name is offered. */
  newestVersion(name: string): Promise<string | null>;
  /** Each name once, sorted. */
  names(): Promise<readonly string[]>;
  /**
   * Every version of every workflow.
   *
   * @param isAsked of which names; what is composed for goals is more by far than all else, and costs time to read
   */
  list(isAsked?: (name: string) => boolean): Promise<CatalogListing>;
  /**
   * The catalog for whoever has just read the number of its last change (`baton.workflow_change`), and need not wait for it
   * again: finds what it held at that number, or later.
   */
  asOf(change: number): Pick<Catalog, 'find' | 'names' | 'checks'>;
}

/** What `list` is about where nobody says. */
export const anyName = (): boolean => true;

/** A workflow document that was read from a file. */
export interface ShippedWorkflow {
  readonly document: WorkflowDocument;
  readonly sha256: string;
  readonly file: string;
}

/**
 * The catalog of the given documents and no others.
 *
 * @throws BatonError `workflow-duplicate` when two of them have the same name and version
 */
export function createCatalog(shipped: readonly ShippedWorkflow[]): Catalog {
  const index = indexShipped(shipped);
  const catalog: Catalog = {
    checks: CHECKS_IN_PLACE,
    find: async (ref) => index.byRef.get(ref),
    newestVersion: async (name) => index.byRef.get(name)?.document.version ?? null,
    names: async () => [...new Set(index.entries.map(({ document }) => document.name))],
    list: async (isAsked = anyName) => ({
      workflows: index.entries.filter(({ document }) => isAsked(document.name)),
      unreadable: [],
    }),
    asOf: () => catalog,
  };
  return catalog;
}

export interface ShippedIndex {
  /** By `name@version`, and the newest of each name by the name alone. */
  readonly byRef: ReadonlyMap<string, CatalogEntry>;
  /** By name, newest version first. */
  readonly entries: readonly CatalogEntry[];
}

/** @throws BatonError `workflow-duplicate` */
export function indexShipped(shipped: readonly ShippedWorkflow[]): ShippedIndex {
  const files = new Map<string, string>();
  for (const { document, file } of shipped) {
    const other = files.get(refOf(document));
    if (other !== undefined) {
      throw new BatonError(`${file} and ${other} both define workflow ${refOf(document)}.`, {
        code: 'workflow-duplicate',
        next: 'Give one of them another version, or remove it.',
      });
    }
    files.set(refOf(document), file);
  }
  const entries = shipped
    .map(({ document, sha256, file }) => ({ document, sha256, origin: { source: 'shipped', file } as const }))
    .sort((a, b) => byNameThenNewest(a.document, b.document));
  const newest = entries.toReversed().map((entry) => [entry.document.name, entry] as const);
  return { byRef: new Map([...newest, ...entries.map((entry) => [refOf(entry.document), entry] as const)]), entries };
}

const SHOWN_NAMES = 20;

/** A sentence for somebody who asked for a name that is not there. */
export function describeNames(names: readonly string[]): string {
  if (names.length === 0) return 'No workflow is published.';
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  return `Known workflows: ${names.slice(0, SHOWN_NAMES).join(', ')}${more}.`;
}

interface Named {
  readonly name: string;
  readonly version: string;
}

export const refOf = ({ name, version }: Named): string => `${name}@${version}`;

export function byNameThenNewest(a: Named, b: Named): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return compareVersions(b.version, a.version);
}
