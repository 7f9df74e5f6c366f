import type { Json } from '@baton/contracts';
import { stringify } from 'yaml';
import type { DeliverableFile } from '../task/file-set.js';
import { lineOfFinding } from '../task/known-failures.js';
import type { RefineArguments } from '../task/task-arguments.js';

/*
 * What steps hand on, in the words that a model reads: texts as texts, with the ends of their lines, and never as JSON, which
 * costs a character for each quote and line end and hides where a line is.
 */

/** Lists and objects, such as a plan or a review, as YAML; a list of nothing in a word. */
export const tellValue = (value: Json): string =>
  Array.isArray(value) && value.length === 0 ? '(none)' : stringify(value, { lineWidth: 0 }).trimEnd();

/** Files whole, each line with its number where it is judged: whoever finds something says where. */
export function tellFiles(files: readonly DeliverableFile[], isNumbered: boolean): string {
  if (files.length === 0) return '(none)';
  return files.map(({ path, content }) => `=== ${path}\n${isNumbered ? numbered(content) : content}`).join('\n');
}

function numbered(content: string): string {
  const lines = content.split('\n');
  const shown = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  return shown.map((line, index) => `${index + 1}\t${line}`).join('\n');
}

type ToolReport = RefineArguments['toolReport'];

/** Findings with file and line; those of before the run are counted, and no more. */
export function tellToolReport({ tools, failing, reason }: ToolReport): string {
  const words = tools.flatMap(({ tool, status, reason: why, findings, oldFindings }) => [
    `${tool}: ${status}${why === null ? '' : ` (${why})`}`,
    ...findings.map((finding) => `  ${lineOfFinding(finding).replaceAll('\n', '\n  ')}`),
    ...(oldFindings.length === 0 ? [] : [`  and ${oldFindings.length} from before the work began`]),
  ]);
  const isNamed = failing.every((name) => tools.some(({ tool }) => tool === name));
  return [...words, ...(isNamed ? [] : [`failing: ${failing.join(', ')}`]), ...(reason === null ? [] : [reason])].join(
    '\n',
  );
}
