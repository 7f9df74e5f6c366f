import { textOf } from '@baton/workspace';
import { z } from 'zod';
import type { Workbench } from '../../workbench/workbench.js';
import { refusal, said, type Tool, type ToolAnswer, toolOf } from '../tool.js';

const Path = z.string().min(1).max(1_000).describe('relative path with "/" between its parts, such as src/scaler.ts');

/** What the programmer changes files with. What they say repeats no path: a name of a file is a text of others, too. */
export const changeTools = (bench: Workbench): readonly Tool[] => [
  writeTool(bench),
  editTool(bench),
  moveTool(bench),
  deleteTool(bench),
];

const writeTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'write',
    description: 'Writes a whole file, new or in place of the one that is there. For a change of some lines use edit.',
    input: z.strictObject({ path: Path, content: z.string().describe('the whole text of the file') }),
    bringsData: false,
    use: ({ path, content }) => written(bench, path, content, `Written: ${lineCount(content)}.`),
  });

const editTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'edit',
    description:
      'Replaces one place in a file. `old` must stand in it exactly once, with its white space: take in lines around it where it would not be the only one.',
    input: z.strictObject({
      path: Path,
      old: z.string().min(1).describe('the text that is there now, without line numbers'),
      new: z.string().describe('the text that takes its place; empty to take it out'),
    }),
    bringsData: false,
    use: async ({ path, old, new: fresh }) => {
      const found = await bench.read(path);
      if (!found.ok) return refusal(found.reason);
      const text = textOf(found.bytes);
      if (text === null) return refusal(`${path} is no text.`);
      const at = text.indexOf(old);
      if (at === -1)
        return refusal(`${path} does not hold this text as it stands. Read the lines again, and copy them.`);
      const places = text.split(old).length - 1;
      if (places > 1)
        return refusal(`${path} holds this text ${places} times. Take in lines around the one that is meant.`);
      if (old === fresh) return refusal('Both texts are the same: nothing would change.');
      const line = text.slice(0, at).split('\n').length;
      const changed = text.slice(0, at) + fresh + text.slice(at + old.length);
      return written(bench, path, changed, `Changed from line ${line} on.`);
    },
  });

const moveTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'move',
    description: 'Gives a file another path. There must be no file at the new one.',
    input: z.strictObject({ from: Path, to: Path }),
    bringsData: false,
    use: async ({ from, to }) => {
      const found = await bench.read(from);
      if (!found.ok) return refusal(found.reason);
      const there = await bench.read(to);
      if (there.ok) return refusal(`${to} is there already. Delete it before, or choose another path.`);
      const problem = (await bench.write(to, found.bytes, found.isExecutable)) ?? (await bench.remove(from));
      return problem === null ? said('Moved.', await bench.note([from, to])) : refusal(problem);
    },
  });

const deleteTool = (bench: Workbench): Tool =>
  toolOf({
    name: 'delete',
    description: 'Takes a file away.',
    input: z.strictObject({ path: Path }),
    bringsData: false,
    use: async ({ path }) => {
      const problem = await bench.remove(path);
      return problem === null ? said('Deleted.', await bench.note([path])) : refusal(problem);
    },
  });

async function written(bench: Workbench, path: string, text: string, answer: string): Promise<ToolAnswer> {
  const problem = await bench.write(path, Buffer.from(text, 'utf8'));
  return problem === null ? said(answer, await bench.note([path])) : refusal(problem);
}

const lineCount = (text: string): string => {
  const count = text === '' ? 0 : text.replace(/\n$/, '').split('\n').length;
  return count === 1 ? '1 line' : `${count} lines`;
};
