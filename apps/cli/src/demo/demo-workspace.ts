import { cp, lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BatonError, type RunResult, type RunView } from '@baton/contracts';
import { createRepository, materialise, type Snapshot } from '@baton/workspace';
import { writeBranch } from '../commands/workspace/result-branch.js';
import { writeWorkspace } from '../commands/workspace/result-folder.js';
import { gitOf } from '../commands/workspace/submit-workspace.js';
import { fetchedBlobs, filesOf, getDiff, getTreeFiles } from '../commands/workspace/versions.js';
import type { Context } from '../context.js';
import { deliverableOf, workspaceOf } from '../deliverable.js';
import type { Gateway } from '../gateway/gateway.js';
import { makeFolder } from '../make-folder.js';
import type { Written } from './demo-result.js';

/** The folder that a demo works on, and what was read from it. */
export interface DemoWorkspace {
  readonly folder: string;
  readonly snapshot: Snapshot;
}

/**
 * Hands out what a run made of a workspace, as a branch in a copy of it: of the repository where the workspace is all of one,
 * else of the workspace alone, as a repository of its own. Without git they are plain files. Null where the run made nothing.
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
  const written = {
    outDir,
    files: files.filter(({ kind }) => kind !== 'removed').map(({ path }) => path),
    testCommand,
  };
  const { runId, workflow } = run;
  const branch = `baton/${runId.slice(0, 8)}`;
  const source = resolve(context.env.workingDirectory, folder);
  if (await isWholeRepository(source, snapshot)) {
    const isTaken = (path: string): boolean => basename(path) !== 'node_modules';
    await cp(source, outDir, { recursive: true, verbatimSymlinks: true, filter: isTaken });
    await writeBranch(context, gateway, { runId, workflow, branch, repo: outDir });
    return { ...written, branch };
  }
  try {
    const copiedAs = await copyAsRepository(context, gateway, made.base, outDir);
    await writeBranch(context, gateway, { runId, workflow, branch, repo: outDir, copiedAs });
    return { ...written, branch };
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown.code !== 'no-git') throw thrown;
    await writeWorkspace(context, gateway, made, outDir);
    return written;
  }
}

/** @returns the commit that holds what the run began from */
async function copyAsRepository(context: Context, gateway: Gateway, base: string, outDir: string): Promise<string> {
  const { interrupted: signal } = context;
  const tree = await getTreeFiles(gateway, base, signal);
  const store = fetchedBlobs();
  for await (const { bytes } of filesOf(gateway, base, null, signal)) store.add(bytes);
  await makeFolder(dirname(outDir));
  await materialise(tree, outDir, store);
  const at = new Date(context.nowMs());
  const subject = 'What the run began from';
  return createRepository({ ...gitOf(context), folder: outDir, branch: 'main', tree, store, subject, at });
}

/** A work tree beside its repository, or a folder of one, would lead out of its copy: to the user's own branches. */
async function isWholeRepository(folder: string, { prefix, commit }: Snapshot): Promise<boolean> {
  const git = await lstat(join(folder, '.git')).catch(() => null);
  return commit !== null && prefix === '' && git?.isDirectory() === true;
}
