import { getFile, textOf } from '@baton/workspace';
import type { AskContext } from '../model/exchange.js';
import type { DeliverableFile } from '../task/file-set.js';
import { invalidInput, type OrFailure } from '../task/or-failure.js';
import { openTaskWorkspace } from '../workbench/on-workspace.js';

/** What the work is held to: a text, or paths of files. */
export type Standards = string | readonly string[];

const NO_STANDARDS = 'None are given beside what is written above.';
const MOST_CHARACTERS = 100_000;

/**
 * The text of the standards, for whoever judges by them. Files are those that the run began from: whoever is judged does
 * not write what he is judged by. One that is not there is a mistake of whoever submitted the run, and found by the first step.
 */
export async function readStandards(
  context: AskContext,
  standards: Standards,
  files: readonly DeliverableFile[],
): Promise<OrFailure<string>> {
  if (typeof standards === 'string') return { ok: true, value: standards.trim() === '' ? NO_STANDARDS : standards };
  if (standards.length === 0) return { ok: true, value: NO_STANDARDS };
  const opened = await openTaskWorkspace(context.workspace);
  if (!opened.ok) return opened;
  const parts: string[] = [];
  for (const path of standards) {
    const given = files.find((file) => file.path === path);
    const entry = opened.value?.base.find((file) => file.path === path);
    const text = entry === undefined ? (given?.content ?? null) : textOf(await getFile(context.workspace.store, entry));
    if (text === null) return invalidInput(notThere(path, opened.value !== null));
    parts.push(`${path}:\n\n${text.trim()}`);
  }
  const text = parts.join('\n\n');
  const rest = `\n[${text.length - MOST_CHARACTERS} characters more are left out]`;
  return { ok: true, value: text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}${rest}` };
}

const notThere = (path: string, hasWorkspace: boolean): string =>
  `The standards name the file ${JSON.stringify(path)}, and there is no text of that path in ${hasWorkspace ? 'the workspace' : 'the files of the input'}. Name files that are there, or give the standards as one text.`;

/** For whoever writes: one who can look into the workspace is told where they are. */
export async function pointToStandards(
  context: AskContext,
  standards: Standards,
  files: readonly DeliverableFile[],
): Promise<OrFailure<string>> {
  const isLookedUp = context.hasToolUse && context.workspace.input !== null && typeof standards !== 'string';
  if (!isLookedUp || standards.length === 0) return readStandards(context, standards, files);
  return { ok: true, value: `Files of the workspace, to be read before you write: ${standards.join(', ')}` };
}
