import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { BatonError, toError } from '@baton/contracts';
import type { ShippedWorkflow } from './catalog.js';
import { checkDocument, describeFindings } from './check-document.js';
import { parseYaml } from './parse-yaml.js';

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/**
 * Reads every workflow document (`.yaml`, `.yml`, `.json`) of a folder, not of its subfolders.
 *
 * @throws BatonError `workflows-unreadable`, or `workflow-invalid` (naming the file and the JSON pointer). One wrong
 *   document stops the load: a catalog with holes would fail later and less clearly.
 */
export async function readWorkflowFiles(dir: string): Promise<readonly ShippedWorkflow[]> {
  const files = await listFiles(dir);
  return Promise.all(files.map((file) => readWorkflowFile(join(dir, file))));
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

async function readWorkflowFile(file: string): Promise<ShippedWorkflow> {
  const checked = checkDocument(await readSource(file));
  if (!checked.ok) throw invalid(file, describeFindings(checked.findings));
  return { document: checked.document, sha256: checked.sha256, file };
}

async function readSource(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return extname(file) === '.json' ? JSON.parse(text) : parseYaml(text);
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
