import { BatonError, JsonObject } from '@baton/contracts';
import type { TaskFailure, WorkerLog } from '@baton/worker';
import type { HintedHandler } from '../../task/hints.js';
import { type OfflineWorkRecord, offlineWorkOf } from '../../task/offline-work.js';
import { invalidInput } from '../../task/or-failure.js';
import { describeIssues } from '../../task/problems.js';
import { ToolArguments } from '../../task/task-arguments.js';
import { runTools, type ToolSettings } from './run-tools.js';

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
    const report = await runTools(args.data, { ...settings, isOfflineWork }, signal).catch(unlessMissing);
    if ('ok' in report) return report;
    const { runId, commandId, state, attempt } = task;
    const { passed, failing, notRun } = report;
    log.info({ runId, commandId, state, attempt, passed, failing, notRun }, 'ran the tools');
    return { ok: true, output: report };
  };
}

/** A version that nobody has is a mistake of the workflow; it does not come by waiting. */
function unlessMissing(thrown: unknown): TaskFailure {
  if (!(thrown instanceof BatonError) || thrown.code !== 'workspace-not-found') throw thrown;
  return invalidInput(`${thrown.message} ${thrown.next ?? ''}`.trim());
}
