import { type HandIn, JsonObject, WorkspaceInput, WorkspaceMade } from '@baton/contracts';
import { refusedHandIn, type TaskResult } from '@baton/worker';
import {
  type BlobStore,
  diffTrees,
  getFile,
  getTree,
  pathProblems,
  putFile,
  putTree,
  type Tree,
  textOf,
  withFiles,
} from '@baton/workspace';
import { z } from 'zod';
import { writesIn } from '../model/prompt-handler.js';
import { joinAuthors } from '../programmer/author.js';
import { DeliverableFile, FileSet, fileSetProblems } from '../task/file-set.js';
import { type Deliverable, Language, Merging } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { storeFiles } from '../workbench/store-files.js';
import { type WriteRule, writeRefusal } from '../workbench/write-rule.js';
import { type LookAtHandIn, refusedFor } from './with-hand-ins.js';

/** What a task says of the files that the work goes on from. */
const Given = z.object({
  language: Language,
  workspace: WorkspaceInput.nullish(),
  files: z.array(DeliverableFile).default([]),
  code: z
    .object({
      files: FileSet,
      testCommand: z.string().default(''),
      writtenBy: z.string().min(1).optional(),
      workspace: WorkspaceMade.nullish(),
    })
    .optional(),
});
type Given = z.output<typeof Given>;

/** What is said of files beside them. Files that stand here, and not in a folder, are laid over what there is. */
const Said = z.object({
  files: FileSet.default([]),
  removedFiles: z.array(z.string().min(1)).default([]),
  notes: z.string().default(''),
  testCommand: z.string().min(1).optional(),
  answers: z.array(z.object({ to: z.string().min(1), answer: z.string().min(1) })).default([]),
});

/** The JSON Schema of that, for people to read. */
export const HANDED_IN_FILES: JsonObject = JsonObject.parse(z.toJSONSchema(Said, { io: 'input' }));

/**
 * Looks at files that were written by hand: a folder as it is now, or files in the output. What is made of it is what the
 * programmer makes of its own: what differs from the workspace of the run and the version, or, without one, all files.
 *
 * @param only the files that the agent may write, where a task does not say; null: any
 */
export const lookAtFiles =
  ({ blobs }: { readonly blobs: BlobStore }, only: readonly string[] | null): LookAtHandIn =>
  async (args, handIn) => {
    if (args.merge === true) return lookAtMerge(args, handIn, blobs);
    const given = Given.safeParse(args);
    if (!given.success) {
      return refusedHandIn(
        `The arguments of this step do not say what is to be written (${describeIssues(given.error).join('; ')}): reject it.`,
      );
    }
    const said = Said.safeParse(handIn.output ?? {});
    if (!said.success) return refusedFor(describeIssues(said.error));
    const before = await groundOf(given.data, blobs);
    const after = await handedIn(before.from, said.data, handIn, blobs);
    if ('ok' in after) return after;
    const rule = writesIn(args, only);
    const made = await madeOf(given.data.workspace, before, after.tree, rule, blobs);
    if ('ok' in made) return made;
    const { language, code } = given.data;
    const { notes, answers, testCommand = code?.testCommand || USUAL_TESTS[language] } = said.data;
    const writtenBy = joinAuthors([handIn.by, ...authorsBefore(given.data)]);
    const deliverable: Deliverable = { ...made, notes, testCommand, language, writtenBy, answers };
    return { ok: true, output: deliverable };
  };

/** What differs from the workspace of the run, and the version; without one, all files. Or why it cannot be taken. */
async function madeOf(
  workspace: Given['workspace'],
  { base, from }: Ground,
  tree: Tree,
  rule: WriteRule,
  store: BlobStore,
): Promise<Pick<Deliverable, 'files' | 'workspace'> | TaskResult> {
  const { files, binary } = await textsBetween(base, tree, store);
  const problems = [
    ...diffTrees(from, tree).flatMap(({ path }) => writeRefusal(rule, path) ?? []),
    ...fileSetProblems(files),
    ...(workspace == null ? binary.map((path) => `${path} is no text, and this run has no workspace for it`) : []),
    ...(diffTrees(base, tree).length === 0 ? [nothingIn(workspace)] : []),
  ];
  if (problems.length > 0) return refusedFor(problems);
  return workspace == null
    ? { files }
    : { files, workspace: { base: workspace.tree, tree: await putTree(store, tree) } };
}

interface Ground {
  readonly base: Tree;
  readonly from: Tree;
}

const USUAL_TESTS: Readonly<Record<Language, string>> = { typescript: 'node --test', python: 'python -m unittest' };

const nothingIn = (workspace: Given['workspace']): string =>
  workspace == null ? 'there is no file: nothing would be left' : 'nothing of the workspace would be changed';

/** Nobody is known to have written what came with the run, nor what only the arguments call somebody's. */
const authorsBefore = ({ code, workspace, files }: Given): readonly string[] => {
  if (code !== undefined)
    return [code.writtenBy === undefined || code.writtenBy === 'offline' ? 'unknown' : code.writtenBy];
  return workspace == null && files.length === 0 ? [] : ['input'];
};

/** What the run began from, and what this step goes on from. Without a workspace it begins from nothing. */
async function groundOf({ workspace, code, files }: Given, store: BlobStore): Promise<Ground> {
  if (workspace != null) {
    const base = await getTree(store, workspace.tree);
    return { base, from: code?.workspace == null ? base : await getTree(store, code.workspace.tree) };
  }
  return { base: [], from: await getTree(store, await storeFiles(code?.files ?? files, store)) };
}

async function handedIn(
  from: Tree,
  { files, removedFiles }: z.output<typeof Said>,
  { workspace }: HandIn,
  store: BlobStore,
): Promise<{ readonly tree: Tree } | TaskResult> {
  if (workspace !== undefined) {
    const isBoth = files.length + removedFiles.length > 0;
    return isBoth
      ? refusedFor(['files stand in the output and in a folder: give one of them'])
      : { tree: await getTree(store, workspace.tree) };
  }
  const known = new Map(from.map((file) => [file.path, file]));
  const missing = removedFiles.filter((path) => !known.has(path));
  if (missing.length > 0) return refusedFor(missing.map((path) => `removedFiles: there is no ${path}`));
  const changed = [];
  for (const { path, content } of files) {
    const mode = known.get(path)?.mode ?? ('100644' as const);
    changed.push({ path, mode, ...(await putFile(store, Buffer.from(content, 'utf8'))) });
  }
  // Two paths that cannot lie beside each other in one folder.
  const kept = from.filter(({ path }) => !removedFiles.includes(path) && !files.some((file) => file.path === path));
  const paths = pathProblems([...kept, ...files].map(({ path }) => path));
  return paths.length > 0 ? refusedFor(paths) : { tree: withFiles(from, changed, removedFiles) };
}

/** The files that are new or other, as far as they are text; and the paths of the rest. */
async function textsBetween(
  base: Tree,
  tree: Tree,
  store: BlobStore,
): Promise<{ readonly files: DeliverableFile[]; readonly binary: readonly string[] }> {
  const files: DeliverableFile[] = [];
  const binary: string[] = [];
  for (const { path, after } of diffTrees(base, tree)) {
    if (after === null) continue;
    const content = textOf(await getFile(store, after));
    if (content === null) binary.push(path);
    else files.push({ path, content });
  }
  return { files, binary };
}

const Merge = z.object({ theirs: z.string() });

/** What others landed, brought into the work by hand: the folder is the result, and stands on what they landed. */
async function lookAtMerge(args: JsonObject, { workspace }: HandIn, store: BlobStore): Promise<TaskResult> {
  const read = Merge.safeParse(args);
  if (!read.success || workspace === undefined) return refusedFor(['a merge is handed in as a folder']);
  const base = await getTree(store, read.data.theirs);
  const tree = await getTree(store, workspace.tree);
  const { files } = await textsBetween(base, tree, store);
  const problems = fileSetProblems(files);
  if (problems.length > 0) return refusedFor(problems);
  const made = { base: read.data.theirs, tree: workspace.tree };
  return { ok: true, output: Merging.parse({ files, workspace: made, isClean: true, toolReport: null }) };
}
