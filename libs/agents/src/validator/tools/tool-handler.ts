import { JsonObject } from '@baton/contracts';
import type { TaskHandler, WorkerLog } from '@baton/worker';
import { describeIssues } from '../../model/parse-answer.js';
import { invalidInput } from '../../outcome.js';
import { ToolArguments } from '../../task-arguments.js';
import { runTools, type ToolSettings } from './run-tools.js';

/** Sends tasks with `tools: true` to the deterministic tools and all others on to `otherwise`. */
export function withTools(otherwise: TaskHandler, settings: ToolSettings, log: WorkerLog): TaskHandler {
  return async (task, signal) => {
    const object = JsonObject.safeParse(task.arguments);
    if (!object.success || object.data.tools !== true) return otherwise(task, signal);
    const args = ToolArguments.safeParse(object.data);
    if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
    const report = await runTools(args.data, settings, signal);
    const { runId, commandId, state, attempt } = task;
    const { passed, failing, leftOut } = report;
    log.info({ runId, commandId, state, attempt, passed, failing, leftOut }, 'ran the tools');
    return { ok: true, output: report };
  };
}
