import { cp, lstat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { RunResult, RunView } from '@baton/contracts';
import type { Snapshot } from '@baton/workspace';
import { writeBranch } from '../commands/workspace/result-branch.js';
import { writeWorkspace } from '../commands/workspace/result-folder.js';
import { getDiff, workspaceOf } from '../commands/workspace/versions.js';
import type { Context } from '../context.js';
import { deliverableOf } from '../deliverable.js';
import type { Gateway } from '../gateway/gateway.js';
import type { Written } from './demo-result.js';

/** The folder that a demo works on, and what was read from it. */
export interface DemoWorkspace {
  readonly folder: string;
  readonly snapshot: Snapshot;
}

/**
 * Hands out what a run made of a workspace, in a copy of it: as a branch where it is a repository, else as files. Null where
 * the run made nothing.
 */
export async function writeDemoWorkspace(
  context: Context,
  gateway: Gateway,
  { folder, snapshot }: DemoWorkspace,
  { run, result, outDir }: { readonly run: RunView; readonly result: RunResult; readonly outDir: string },
): Promise<Written | null> {
  const output = result.output ?? result.unfinished;
  const made = workspaceOf(output);
  if (made === null) return null;
  const testCommand = deliverableOf(output)?.testCommand ?? null;
  const { files } = await getDiff(gateway, run.runId, {}, context.interrupted);
  const changed = files.filter(({ kind }) => kind !== 'removed').map(({ path }) => path);
  const source = resolve(context.env.workingDirectory, folder);
  if (!(await isWholeRepository(source, snapshot))) {
    await writeWorkspace(context, gateway, made, outDir);
    return { outDir, files: changed, testCommand };
  }
  const isTaken = (path: string): boolean => basename(path) !== 'node_modules';
  await cp(source, outDir, { recursive: true, verbatimSymlinks: true, filter: isTaken });
  const branch = `baton/${run.runId.slice(0, 8)}`;
  const { runId, workflow } = run;
  await writeBranch(context, gateway, { runId, workflow, branch, repo: outDir });
  return { outDir, files: changed, testCommand, branch };
}

/** A work tree beside its repository, or a folder of one, would lead out of its copy: to the user's own branches. */
async function isWholeRepository(folder: string, { prefix, commit }: Snapshot): Promise<boolean> {
  const git = await lstat(join(folder, '.git')).catch(() => null);
  return commit !== null && prefix === '' && git?.isDirectory() === true;
}
