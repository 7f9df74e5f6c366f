import { JsonObject } from '@baton/contracts';
import type { Taken } from '../loop/tools/finish.js';
import type { DeliverableFile } from '../task/file-set.js';
import { deliver, type OpenWorkspace } from '../workbench/on-workspace.js';
import type { Workbench } from '../workbench/workbench.js';

interface HandedIn {
  /** What is left of the answer without files. */
  readonly answer: object;
  /** Files that stand in the answer itself, whole. */
  readonly changed: readonly DeliverableFile[];
  readonly removed: readonly string[];
}

/**
 * Takes an answer of the programmer, whose files are where its tools put them. A model that gives them in its answer
 * instead has done the work all the same: they are laid over the rest, and taken back where the answer is.
 *
 * @param broken what was changed that may not be
 */
export async function takeFiles(
  bench: Workbench,
  workspace: OpenWorkspace | null,
  { answer, changed, removed }: HandedIn,
  broken: () => Promise<readonly string[]> = async () => [],
): Promise<Taken> {
  const paths = [...removed, ...changed.map(({ path }) => path)];
  const undo = await undoing(bench, paths);
  const laid = await lay(bench, changed, removed);
  const { problems, isAsBefore } = await deliver(bench, workspace);
  const nothing =
    workspace === null ? 'there is no file: nothing would be left' : 'nothing of the workspace would be changed';
  const all = [...laid, ...(await broken()), ...problems, ...(isAsBefore ? [nothing] : [])];
  if (all.length === 0) return { ok: true, answer: JsonObject.parse(answer), changes: await bench.note(paths) };
  await undo();
  return { ok: false, problems: all, changes: [] };
}

async function lay(
  bench: Workbench,
  changed: readonly DeliverableFile[],
  removed: readonly string[],
): Promise<readonly string[]> {
  const both = removed.filter((gone) => changed.some(({ path }) => path === gone));
  const problems = both.map((path) => `${path} is both changed and removed`);
  for (const path of removed) {
    const problem = await bench.remove(path);
    if (problem !== null) problems.push(`removedFiles: ${problem}`);
  }
  for (const { path, content } of changed) {
    const problem = await bench.write(path, Buffer.from(content, 'utf8'));
    if (problem !== null) problems.push(`files: ${problem}`);
  }
  return problems;
}

async function undoing(bench: Workbench, paths: readonly string[]): Promise<() => Promise<void>> {
  const before = new Map<string, Awaited<ReturnType<Workbench['read']>>>();
  for (const path of paths) before.set(path, await bench.read(path));
  return async () => {
    for (const [path, found] of before) {
      if (found.ok) await bench.write(path, found.bytes, found.isExecutable);
      // What could not be read could not be written either, and is as it was.
      else if (found.isAbsent) await bench.remove(path);
    }
  };
}
