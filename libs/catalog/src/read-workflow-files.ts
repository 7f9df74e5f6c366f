import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { BatonError, parseJson, toError } from '@baton/contracts';
import { noteChecked } from '@baton/workflow';
import { refOf, type ShippedWorkflow } from './catalog.js';
import { checkDocument, describeFindings } from './check-document.js';
import { CHECKED_BEFORE, type CheckedFiles } from './checked-before.js';
import { parseYaml } from './parse-yaml.js';

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/** A file of the folder that gives no workflow. The message of `problem` names it. */
interface SkippedFile {
  readonly file: string;
  readonly problem: BatonError;
}

export interface WorkflowFolder {
  readonly workflows: readonly ShippedWorkflow[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Reads every workflow document (`.yaml`, `.yml`, `.json`) of a folder, not of its subfolders. A file that cannot be read,
 * is no document that can run, or has the name and version of another one before it, is skipped and named: the workflows
 * of all other files are needed all the same.
 *
 * @throws BatonError `workflows-unreadable` when the folder itself cannot be read
 */
export async function readWorkflowFiles(
  dir: string,
  checkedBefore: CheckedFiles = CHECKED_BEFORE,
): Promise<WorkflowFolder> {
  const files = await listFiles(dir);
  const read = await Promise.all(files.map((file) => readWorkflowFile(join(dir, file), checkedBefore)));
  const workflows = new Map<string, ShippedWorkflow>();
  const skipped: SkippedFile[] = [];
  for (const each of read) {
    const before = 'document' in each ? workflows.get(refOf(each.document)) : undefined;
    if (!('document' in each)) skipped.push(each);
    else if (before === undefined) workflows.set(refOf(each.document), each);
    else skipped.push(duplicate(each, before));
  }
  return { workflows: [...workflows.values()], skipped };
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

async function readWorkflowFile(file: string, checkedBefore: CheckedFiles): Promise<ShippedWorkflow | SkippedFile> {
  try {
    const bytes = await readFile(file);
    const before = checkedBefore.get(createHash('sha256').update(bytes).digest('hex'));
    if (before !== undefined) {
      noteChecked(before.document);
      return { ...before, file };
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const checked = checkDocument(extname(file) === '.json' ? parseJson(text, 'it') : parseYaml(text));
    if (!checked.ok) return invalid(file, describeFindings(checked.findings));
    noteChecked(checked.document);
    return { document: checked.document, sha256: checked.sha256, file };
  } catch (thrown) {
    return invalid(file, toError(thrown).message, thrown);
  }
}

const invalid = (file: string, what: string, cause?: unknown): SkippedFile => ({
  file,
  problem: new BatonError(`The workflow document ${file} is skipped: ${what}`, {
    code: 'workflow-invalid',
    next: 'Correct the document and start again; `baton workflow validate FILE` shows where it is wrong.',
    cause,
  }),
});

const duplicate = ({ document, file }: ShippedWorkflow, first: ShippedWorkflow): SkippedFile => ({
  file,
  problem: new BatonError(
    `The workflow document ${file} is skipped: ${first.file} defines workflow ${refOf(document)} already.`,
    { code: 'workflow-duplicate', next: 'Give one of them another version, or remove it.' },
  ),
});
