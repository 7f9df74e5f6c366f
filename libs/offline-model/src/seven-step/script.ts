import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatonError } from '@baton/contracts';
import { z } from 'zod';
import { SourceFile } from './outputs.js';

export const Language = z.enum(['typescript', 'python']);
export type Language = z.infer<typeof Language>;

/** A change that turns a file of the deliverable into its faulty first version. `find` stands in the file exactly once. */
const Mistake = z.strictObject({
  file: z.string(),
  find: z.string().min(1),
  replace: z.string(),
  /** What is wrong, for the answers of the refinement. */
  wrong: z.string(),
  /** What the refinement does about it. */
  mended: z.string(),
});
export type Mistake = z.infer<typeof Mistake>;

const Edition = z.strictObject({
  testCommand: z.string(),
  /** The same from above, where the deliverable lies in `{folder}`; needs no shell. */
  testCommandIn: z.string(),
  /** A file by which a set of files is known to be this deliverable, wherever its folder lies. */
  landmark: z.string(),
  files: z.array(z.strictObject({ path: z.string(), purpose: z.string() })),
  interfaces: z.array(z.strictObject({ name: z.string(), signature: z.string(), description: z.string() })),
  mistakes: z.array(Mistake),
});

/** What the scripted model knows about one subject: `subjects/<name>/script.json`, beside the real files of its editions. */
export const Script = z.strictObject({
  name: z.string(),
  /** null: fits any text. */
  recognise: z
    .strictObject({
      /** Beginnings of words that the text must have. */
      words: z.array(z.string()),
      /** What texts of this subject ask for. `answer` says where the deliverable does it; `forgotten` points the first plan overlooks. */
      points: z.array(z.strictObject({ text: z.string(), answer: z.string(), forgotten: z.boolean().optional() })),
    })
    .nullable(),
  goal: z.string(),
  components: z.array(z.strictObject({ name: z.string(), purpose: z.string() })),
  testPlan: z.array(z.string()),
  risks: z.array(z.string()),
  openQuestions: z.array(z.string()),
  /** Entries of the plan above that the first plan lacks: names of components and interfaces, whole lines of the others. */
  forgets: z.strictObject({
    components: z.array(z.string()),
    interfaces: z.array(z.string()),
    testPlan: z.array(z.string()),
    risks: z.array(z.string()),
  }),
  editions: z.strictObject({ typescript: Edition, python: Edition }),
});
export type Script = z.infer<typeof Script>;

/** The package's `offline` folder: two levels up from this file, in `src` and in `dist` alike. */
const SCRIPTS = fileURLToPath(new URL('../../subjects/', import.meta.url));

/** The scripts that know a subject, tried in this order; the last one fits any text. */
export const SCRIPT_NAMES = ['tabular-preprocessing', 'requirement-checklist'] as const;

export async function readScript(name: string): Promise<Script> {
  const file = join(SCRIPTS, name, 'script.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BatonError(`The offline model's script ${file} cannot be read.`, {
      code: 'offline-script-missing',
      next: 'Install Baton again: the folder libs/offline-model/subjects belongs to it.',
      cause,
    });
  });
  return Script.parse(JSON.parse(text));
}

/** The real files of an edition, in the order of their paths. Paths are relative and use '/'. */
export async function readEdition(name: string, language: Language): Promise<readonly SourceFile[]> {
  const root = join(SCRIPTS, name, language);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  return Promise.all(paths.map(async (path) => ({ path, content: await readFile(join(root, path), 'utf8') })));
}
