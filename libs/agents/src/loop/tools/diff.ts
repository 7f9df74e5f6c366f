import { type BlobStore, patchParts, type Tree } from '@baton/workspace';
import { z } from 'zod';
import { said, type Tool, toolOf } from '../tool.js';

const MOST_CHARACTERS = 24_000;

/** What differs between two versions of a workspace, as a patch. */
export const diffTool = (base: Tree, tree: Tree, store: BlobStore): Tool =>
  toolOf({
    name: 'diff',
    description: `Shows what the work has changed in the workspace so far, as a unified diff; at most ${MOST_CHARACTERS} characters at once.`,
    input: z.strictObject({
      path: z.string().min(1).max(1_000).optional().describe('only this file'),
      from: z.int().nonnegative().optional().describe('goes on at this character, where a diff was cut off'),
    }),
    use: async ({ path, from = 0 }) => {
      const only = (files: Tree): Tree => (path === undefined ? files : files.filter((file) => file.path === path));
      let shown = '';
      let length = 0;
      for await (const part of patchParts(only(base), only(tree), store)) {
        if (length + part.length > from && shown.length < MOST_CHARACTERS)
          shown += part.slice(Math.max(0, from - length)).slice(0, MOST_CHARACTERS - shown.length);
        length += part.length;
      }
      if (length === 0) return said('Nothing has changed.');
      const end = from + shown.length;
      return said(end < length ? `${shown}\n… ${length - end} characters more: go on with from: ${end}` : shown);
    },
  });
