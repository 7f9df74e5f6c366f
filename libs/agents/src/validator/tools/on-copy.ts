import { join } from 'node:path';
import type { ReadOnlyPlace, SandboxChoice, SandboxLimits } from '@baton/sandbox';
import { type BlobStore, materialise, type Tree } from '@baton/workspace';
import type { WorkspaceChecks } from '../../checks/check.js';
import { writePrograms } from '../../set-up/programs.js';
import type { SetUps } from '../../set-up/set-ups.js';
import type { DeliverableFile } from '../../task/file-set.js';
import { writeFiles } from '../../workbench/write-files.js';
import { type Equipment, equip, NO_EQUIPMENT } from './equipment.js';
import { inside, PROGRAMS, type ToolContext } from './tool.js';
import { openWorkspace } from './workspace.js';

/** What commands are run on. */
export interface Work {
  readonly input: ToolContext['input'];
  /** A version of a workspace; null: the files of the input. */
  readonly tree: Tree | null;
  /** How it is judged, and so what it needs; null where nothing of it may be executed, or it does not say. */
  readonly found: WorkspaceChecks | null;
  /** Files that are laid over those of the version, once it is prepared. */
  readonly over?: readonly DeliverableFile[];
}

/** What running a command on a copy takes. */
export interface CopySettings {
  readonly limits: SandboxLimits;
  /** Where versions of workspaces are kept. */
  readonly blobs: BlobStore;
  /** The folder in which each run gets its own. */
  readonly tmpDir: string;
  readonly now: () => Date;
  /** See `findSandbox`. */
  readonly sandbox: () => Promise<SandboxChoice>;
  readonly toolchain: () => Promise<readonly ReadOnlyPlace[]>;
  /** See `findPython`. */
  readonly python: () => Promise<string | null>;
  /** What prepares workspaces; without it, those that need it are not judged. */
  readonly setUps?: SetUps | undefined;
}

/** Lets commands work on a fresh copy, with what the workspace needs beside it; the copy is removed again. */
export async function onCopy<T>(
  { input, tree, found, over = [] }: Work,
  settings: CopySettings,
  signal: AbortSignal,
  work: (context: ToolContext, equipment: Equipment) => Promise<T>,
): Promise<T> {
  const choice = await settings.sandbox();
  const toolchain = await settings.toolchain();
  const python = tree !== null || input.language === 'python' ? await settings.python() : null;
  const wanted = (whole: Tree) => ({
    ...{ found, tree: whole, store: settings.blobs, choice, toolchain, python },
    knownFailures: input.knownFailures,
  });
  const equipment = tree === null ? NO_EQUIPMENT : await equip(wanted(tree), settings.setUps, signal);
  const common = {
    input,
    sandbox: choice.sandbox,
    limits: tree === null ? settings.limits : withRoomFor(tree, settings.limits),
    prepared: equipment.prepared,
    programs: equipment.programs.map(({ place }) => place),
    node: process.execPath,
    python,
    signal,
  };
  try {
    const workspace = await openWorkspace(
      async (folder) => {
        await (tree === null ? writeFiles(folder.work, input.files) : materialise(tree, folder.work, settings.blobs));
        await writeFiles(folder.work, over);
        const context = { ...common, workspace: { folder, toolchain, packageFile: folder.root } };
        await writePrograms(join(folder.own, PROGRAMS), equipment.programs, (path) => inside(context, path));
      },
      toolchain,
      settings.tmpDir,
      settings.now(),
    );
    try {
      return await work({ ...common, workspace }, equipment);
    } finally {
      await workspace.folder.remove();
    }
  } finally {
    await equipment.release();
  }
}

/** What lies there before anything runs is none of what a command may make. */
export function withRoomFor(tree: Tree, limits: SandboxLimits): SandboxLimits {
  const bytes = tree.reduce((sum, { size }) => sum + size, 0);
  // Each file may have a folder of its own, which counts, too.
  return { ...limits, files: limits.files + 2 * tree.length, diskMb: limits.diskMb + Math.ceil(bytes / 2 ** 20) };
}
