import type { Tool } from '../loop/tool.js';
import { changeTools } from '../loop/tools/change.js';
import { lookTools } from '../loop/tools/look.js';
import { runTool } from '../loop/tools/run.js';
import { shellTools } from '../loop/tools/shell.js';
import type { KnownFailure, Language } from '../task/outputs.js';
import { type CheckSettings, checksOn } from '../validator/tools/checks.js';
import { shellOn } from '../validator/tools/shell-on.js';
import type { OpenWorkspace } from '../workbench/on-workspace.js';
import type { Workbench } from '../workbench/workbench.js';

/** What the programmer works with, beside the files. */
export interface Programming {
  readonly checks: CheckSettings;
}

/** Whose code it is that is run, and in which language. */
export interface Running {
  readonly language: Language;
  readonly testCommand: string;
  /** Who wrote what is on the bench, as far as it is known. */
  readonly writtenBy: string;
  /** Whether that is the scripted model alone, in this very run. */
  readonly isOwn: boolean;
  /** What failed on the given state of the workspace. */
  readonly knownFailures: readonly KnownFailure[];
  readonly runId: string;
}

export const programmerTools = async (
  bench: Workbench,
  workspace: OpenWorkspace | null,
  { checks }: Programming,
  running: Running,
): Promise<readonly Tool[]> => [
  ...lookTools(bench),
  ...changeTools(bench),
  runTool(await checksOn(bench, workspace, checks, running)),
  ...(await shell(bench, workspace, checks, running)),
];

async function shell(...given: Parameters<typeof shellOn>): Promise<readonly Tool[]> {
  const found = await shellOn(...given);
  return found === null ? [] : shellTools(found);
}
