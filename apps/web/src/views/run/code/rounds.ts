import type { Schemas } from '../../../api/api.js';
import { bytesOf } from '../../../parts/spans.js';

type FileDifference = Schemas['RunDiff']['files'][number];

/** Which rounds are compared; without one, the gateway takes the newest, and what that stands on. */
export interface Rounds {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** `round 2`, as the address has it; whatever else stands there names none. */
export function roundIn(text: string | undefined): number | undefined {
  const [, digits] = /^round (\d{1,6})$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const WORDS: Readonly<Record<FileDifference['kind'], string>> = {
  added: 'new',
  removed: 'removed',
  changed: 'changed',
  mode: 'another mode',
};

/** What became of a file; a file may have another mode beside another content. */
export function kindWord({ kind, before, after }: FileDifference): string {
  const isExecutable = after?.mode === '100755';
  if (before === null || after === null || before.mode === after.mode) return WORDS[kind];
  const mode = isExecutable ? 'can be run now' : 'cannot be run any more';
  return kind === 'mode' ? mode : `${WORDS[kind]}, ${mode}`;
}

/** How large it is, and was. */
export function sizesOf({ before, after }: FileDifference): string {
  if (before === null || after === null) return bytesOf((after ?? before)?.size ?? 0);
  return before.size === after.size ? bytesOf(after.size) : `${bytesOf(before.size)} → ${bytesOf(after.size)}`;
}
