import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import { parseWorkflowDocument, type WorkflowDocument } from '@baton/workflow';
import { parse } from 'yaml';
import { canonicalSha256 } from '../canonical-json.js';
import { checkInput } from './input-check.js';

export interface CatalogEntry {
  readonly document: WorkflowDocument;
  /** SHA-256 (hex) of the document's canonical JSON, as it stands in RunStarted. */
  readonly sha256: string;
  /** Where it was read. */
  readonly file: string;
}

/** The workflows a process knows, read once when it starts. */
export interface Catalog {
  /** `name@version`, or `name` for its newest version. */
  find(ref: string): CatalogEntry | undefined;
  /** Each name once, sorted. */
  names(): readonly string[];
  /** Every version of every workflow: by name, newest version first. */
  list(): readonly CatalogEntry[];
}

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/**
 * Reads every workflow document (`.yaml`, `.yml`, `.json`) of a folder, not of its subfolders.
 *
 * @throws BatonError `workflows-unreadable`, `workflow-invalid` (naming the file and the JSON pointer) or
 *   `workflow-duplicate`. One wrong document stops the load: a catalog with holes would fail later and less clearly.
 */
export async function loadWorkflowCatalog(dir: string): Promise<Catalog> {
  const files = await listFiles(dir);
  const entries = await Promise.all(files.map((file) => loadDocument(join(dir, file))));
  return createCatalog(entries);
}

/** @throws BatonError `workflow-duplicate` when two entries have the same name and version. */
export function createCatalog(entries: readonly CatalogEntry[]): Catalog {
  const byRef = new Map<string, CatalogEntry>();
  for (const entry of entries) {
    const ref = `${entry.document.name}@${entry.document.version}`;
    const other = byRef.get(ref);
    if (other !== undefined) {
      throw new BatonError(`${entry.file} and ${other.file} both define workflow ${ref}.`, {
        code: 'workflow-duplicate',
        next: 'Give one of them another version, or remove it.',
      });
    }
    byRef.set(ref, entry);
  }
  const sorted = [...entries].sort(byNameThenNewest);
  const newest = new Map(sorted.toReversed().map((entry) => [entry.document.name, entry]));
  return {
    find: (ref) => newest.get(ref) ?? byRef.get(ref),
    names: () => [...new Set(sorted.map(({ document }) => document.name))],
    list: () => sorted,
  };
}

async function listFiles(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).filter((file) => EXTENSIONS.has(extname(file))).sort();
  } catch (thrown) {
    throw new BatonError(`The folder of workflow documents ${dir} cannot be read: ${toError(thrown).message}.`, {
      code: 'workflows-unreadable',
      next: 'Set BATON_WORKFLOWS_DIR to a folder of workflow documents.',
      cause: thrown,
    });
  }
}

async function loadDocument(file: string): Promise<CatalogEntry> {
  const parsed = parseWorkflowDocument(await readSource(file));
  if (!parsed.ok) {
    const list = parsed.findings
      .map(({ pointer, message }) => `${pointer === '' ? '/' : pointer} ${message}`)
      .join('; ');
    throw invalid(file, list);
  }
  const { document } = parsed;
  try {
    checkInput(document, {});
  } catch (thrown) {
    throw invalid(file, `/input ${toError(thrown).message}`, thrown);
  }
  return { document, sha256: canonicalSha256(document), file };
}

async function readSource(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return extname(file) === '.json' ? JSON.parse(text) : parse(text);
  } catch (thrown) {
    throw invalid(file, toError(thrown).message, thrown);
  }
}

const invalid = (file: string, what: string, cause?: unknown): BatonError =>
  new BatonError(`Workflow document ${file} is not valid: ${what}`, {
    code: 'workflow-invalid',
    next: 'Correct the document; nothing was started.',
    cause,
  });

function byNameThenNewest(a: CatalogEntry, b: CatalogEntry): number {
  if (a.document.name !== b.document.name) return a.document.name < b.document.name ? -1 : 1;
  return compareVersions(b.document.version, a.document.version);
}

/** Versions are three numbers; the document's schema sees to it. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let part = 0; part < 3; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
