import { type BlobStore, patchParts, type Tree } from '@baton/workspace';
import type { DeliverableFile } from '../task/file-set.js';
import { tellFiles } from './tell-values.js';

interface Told {
  readonly files: readonly DeliverableFile[];
  readonly notes: string;
  readonly testCommand: string;
}

/** More of a diff is there to be asked for. */
const MOST_OF_DIFF = 60_000;
/** Of a deliverable without a workspace a programmer with tools is shown that much; the rest he reads. */
const MOST_OF_FILES = 60_000;

const around = ({ notes, testCommand }: Told, code: string): string =>
  [`Run its tests with: ${testCommand}`, ...(notes === '' ? [] : [`Notes of its author: ${notes}`]), code].join('\n\n');

/** A deliverable that stands alone, whole. */
export const tellDeliverable = (code: Told, isNumbered: boolean): string =>
  around(code, tellFiles(code.files, isNumbered));

/** For whoever has tools to look: the files that fit, and the names of the others. */
export function tellToReader(code: Told): string {
  let left = MOST_OF_FILES;
  const shown: DeliverableFile[] = [];
  for (const file of code.files) {
    left -= file.content.length;
    if (left >= 0) shown.push(file);
  }
  const others = code.files.filter((file) => !shown.includes(file)).map(({ path }) => path);
  const rest = others.length === 0 ? '' : `\n\nTo be read with the tools: ${others.join(', ')}`;
  return around(code, tellFiles(shown, true) + rest);
}

/** What was made of a workspace: what differs from what the run began with. */
export async function tellChanges(code: Told, base: Tree, tree: Tree, store: BlobStore): Promise<string> {
  let diff = '';
  let length = 0;
  for await (const part of patchParts(base, tree, store)) {
    if (diff.length < MOST_OF_DIFF) diff += part.slice(0, MOST_OF_DIFF - diff.length);
    length += part.length;
  }
  const rest = length - diff.length;
  const more = rest === 0 ? '' : `\n… ${rest} characters more: the tool diff shows them from: ${diff.length}`;
  return around(code, length === 0 ? 'Nothing has changed.' : `${diff}${more}`);
}
