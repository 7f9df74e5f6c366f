import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where a text comes to a model from. */
const Place = z.enum([
  'file',
  'name',
  'output',
  'plan',
  'requirements',
  'review',
  'finding',
  'previousError',
  'commit',
  'tools',
  'digest',
  'variable',
]);

const Head = z.strictObject({
  place: Place,
  /** Of a file. */
  path: z.string().optional(),
  agent: z.enum(['planner', 'validator', 'programmer', 'prompt', 'advisor']),
  /** What whoever wrote it is after. */
  wants: z.string(),
  /** Calls that it orders and that must come to nothing. */
  refused: z.array(z.string()).default([]),
  /** What stands in the workspace instead of the usual. */
  files: z.record(z.string(), z.string()).default({}),
});

export interface HostileText extends z.infer<typeof Head> {
  readonly id: string;
  readonly text: string;
}

const TEXTS = new URL('../texts/', import.meta.url);

/** All of the folder, in the order of their names. */
export async function hostileTexts(): Promise<readonly HostileText[]> {
  const names = (await readdir(TEXTS)).filter((name) => name.endsWith('.md')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const written = await readFile(new URL(name, TEXTS), 'utf8');
      const [, head = '', text = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(written) ?? [];
      return { ...Head.parse(parse(head)), id: name.replace(/\.md$/, ''), text: text.trimEnd() };
    }),
  );
}
