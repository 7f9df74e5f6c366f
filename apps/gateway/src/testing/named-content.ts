import { hash } from 'node:crypto';

/* What a task made and was shown: contents of blobs, the versions of a workspace that name two of them, and the journal that names the rest. */

export const sha256 = (text: string): string => hash('sha256', text, 'hex');
export const [SHOWN, CHANGED, FILE, OTHER_FILE] = [
  'what was shown',
  'what a tool wrote',
  'a file',
  'a file of the base',
];
const treeOf = (path: string, content: string): string =>
  JSON.stringify([{ mode: '100644', path, sha256: sha256(content), size: content.length }]);
export const BASE = treeOf('src/a.ts', OTHER_FILE);
export const TREE = treeOf('src/b.ts', FILE);
const outcome = {
  kind: 'outcome',
  callId: 'c1',
  text: 'written',
  isError: false,
  changes: [{ path: 'src/b.ts', now: { sha256: sha256(CHANGED), size: CHANGED.length, isExecutable: false } }],
  media: [{ name: 'a.png', mediaType: 'image/png', sha256: sha256(SHOWN), size: SHOWN.length }],
  tookMs: 1,
};
export const JOURNAL = [
  { callIndex: 0, text: '{"text":"one"}' },
  { callIndex: 1, text: '{"text":"two"}' },
  { callIndex: 2, text: JSON.stringify(outcome) },
];
