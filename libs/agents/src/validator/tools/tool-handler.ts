import { JsonObject } from '@baton/contracts';
import type { TaskFailure, WorkerLog } from '@baton/worker';
import { getTree, openConflicts } from '@baton/workspace';
import type { HintedHandler } from '../../task/hints.js';
import { type OfflineWorkRecord, offlineWorkOf } from '../../task/offline-work.js';
import { invalidInput, unlessMissing } from '../../task/or-failure.js';
import type { ToolReport } from '../../task/outputs.js';
import { describeIssues } from '../../task/problems.js';
import { ToolArguments } from '../../task/task-arguments.js';
import { storeFiles } from '../../workbench/store-files.js';
import { conflictReport } from './conflict-report.js';
import { runTools, type ToolSettings } from './run-tools.js';
import { judgedBy } from './workspace-checks.js';

interface ToolPorts {
  readonly offlineWork: OfflineWorkRecord;
  readonly log: WorkerLog;
}

/** Sends tasks with `tools: true` to the deterministic tools, whom no hint moves, and all others on to `otherwise`. */
export function withTools(
  otherwise: HintedHandler,
  settings: Omit<ToolSettings, 'isOfflineWork'>,
  { offlineWork, log }: ToolPorts,
): HintedHandler {
  return async (task, hints, signal) => {
    const object = JsonObject.safeParse(task.arguments);
    if (!object.success || object.data.tools !== true) return otherwise(task, hints, signal);
    const args = ToolArguments.safeParse(object.data);
    if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
    const { isKnown: isOfflineWork } = offlineWorkOf(offlineWork, task.commandId);
    const report = await judge(args.data, { ...settings, isOfflineWork }, signal).catch(unlessMissing);
    if ('ok' in report) return report;
    const { runId, commandId, state, attempt } = task;
    const { passed, failing, notRun } = report;
    log.info({ runId, commandId, state, attempt, passed, failing, notRun }, 'ran the tools');
    // Files that are no workspace have a version all the same: what was tested can be approved and deployed as it is.
    const tree = args.data.workspace?.tree ?? (await storeFiles(args.data.files, settings.blobs));
    return { ok: true, output: { ...report, tree } };
  };
}

/**
 * What is no whole program yet is not run: first the conflicts of a merge are to be resolved. Where nobody has worked on the
 * version yet, a tools file that cannot be read ends the task: nothing that is done to the workspace would mend it, since the
 * file of its base is the one that counts.
 */
async function judge(
  args: ToolArguments,
  settings: ToolSettings,
  signal: AbortSignal,
): Promise<ToolReport | TaskFailure> {
  const { workspace, language } = args;
  if (workspace == null) return runTools(args, settings, signal);
  const { blobs } = settings;
  const base = await getTree(blobs, workspace.base);
  const isUntouched = workspace.base === workspace.tree;
  const tree = isUntouched ? base : await getTree(blobs, workspace.tree);
  if (isUntouched) {
    const judged = await judgedBy(base, tree, blobs);
    if (!judged.ok) return invalidInput(judged.problem);
  }
  const open = await openConflicts(base, tree, blobs);
  return open.length > 0 ? conflictReport(language, open) : runTools(args, settings, signal);
}
