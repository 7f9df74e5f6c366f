import type { Tool } from '../loop/tool.js';
import { changeTools } from '../loop/tools/change.js';
import { diffTool } from '../loop/tools/diff.js';
import { lookTools } from '../loop/tools/look.js';
import { runTool } from '../loop/tools/run.js';
import type { AskContext } from '../model/exchange.js';
import { type CheckSettings, checksOn } from '../validator/tools/checks.js';
import type { OpenWorkspace } from '../workbench/on-workspace.js';
import type { Workbench } from '../workbench/workbench.js';
import type { WorkerTool } from './tool-arguments.js';

interface Workplace {
  readonly bench: Workbench;
  readonly workspace: OpenWorkspace;
  readonly context: AskContext;
  readonly checks: CheckSettings;
}

/** Those of the worker's own tools that the workflow names, and no other. */
export async function workerTools(
  names: readonly WorkerTool[],
  { bench, workspace, context, checks }: Workplace,
): Promise<readonly Tool[]> {
  const { base, from, store } = workspace;
  const wants = (name: string): boolean => names.some((each) => each === name);
  // What lies in the workspace is somebody's, so it is executed where that of a stranger is.
  const writtenBy = `${context.model} and input`;
  const subject = { language: 'typescript', testCommand: '', writtenBy, isOwn: false, knownFailures: [] } as const;
  const run = wants('run') ? [runTool(await checksOn(bench, workspace, checks, subject))] : [];
  const all = [...lookTools(bench), diffTool(base, from, store), ...changeTools(bench), ...run];
  return all.filter(({ definition }) => wants(definition.name));
}
