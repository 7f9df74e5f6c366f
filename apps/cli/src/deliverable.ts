import { type Json, WorkspaceMade } from '@baton/contracts';
import { pathProblem } from '@baton/workspace';
import { z } from 'zod';
import { UsageError } from './exit-codes.js';

export interface DeliverableFile {
  readonly path: string;
  readonly content: string;
}

/** The files a run made, and the command that runs their tests in their folder. */
export interface Deliverable {
  readonly files: readonly DeliverableFile[];
  readonly testCommand: string | null;
  readonly notes: string | null;
}

const Shape = z.object({
  files: z.array(z.object({ path: z.string(), content: z.string() })).min(1),
  testCommand: z.string().optional(),
  notes: z.string().optional(),
});
const Nested = z.union([
  Shape,
  z.object({ code: Shape }).transform(({ code }) => code),
  z.object({ deliverable: Shape }).transform(({ deliverable }) => deliverable),
]);

/** The deliverable in a run's output: the output itself, or its `code` or `deliverable`. Null where it has no files. */
export function deliverableOf(output: Json): Deliverable | null {
  const parsed = Nested.safeParse(output);
  if (!parsed.success) return null;
  const { files, testCommand = null, notes = null } = parsed.data;
  return { files, testCommand, notes };
}

/** The versions of a workspace that a run made, as an output names them; null where it had none. */
export function workspaceOf(output: Json): WorkspaceMade | null {
  const parsed = z.object({ workspace: WorkspaceMade }).safeParse(output);
  return parsed.success ? parsed.data.workspace : null;
}

/**
 * A model wrote these paths, so none is believed: each must stay inside the folder it is written to, and be there once.
 * None lies in `.git`: git runs programs that settings there name, as soon as somebody stands in the folder.
 * Throws UsageError `usage` that names the first one that does not.
 */
export function checkPaths(files: readonly DeliverableFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    const problem = pathProblem(path);
    if (problem !== null) {
      throw new UsageError(
        `The deliverable has a file ${JSON.stringify(path)}, which ${problem}; nothing was written.`,
        'Look at the output without --out.',
      );
    }
    if (seen.has(path)) {
      throw new UsageError(`The deliverable has two files ${path}; nothing was written.`, 'Look at it without --out.');
    }
    seen.add(path);
  }
}

/**
 * A test command as it works in this machine's shell. The Node on the PATH may be too old for TypeScript and then finds
 * no tests at all, which looks like success; so `node` is named by the path of the one that Baton runs on.
 */
export function runnableHere(testCommand: string, nodePath: string): string {
  const quoted = /^[\w./+@-]+$/.test(nodePath) ? nodePath : `'${nodePath.replaceAll("'", "'\\''")}'`;
  return testCommand.replace(/^node(?= |$)/, () => quoted);
}
