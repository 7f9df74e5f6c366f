import { JsonObject } from '@baton/contracts';
import type { WorkerLog } from '@baton/worker';
import type { HintedHandler } from '../../task/hints.js';
import { invalidInput } from '../../task/or-failure.js';
import { describeIssues } from '../../task/problems.js';
import { ToolArguments } from '../../task/task-arguments.js';
import { runTools, type ToolSettings } from './run-tools.js';

/** Sends tasks with `tools: true` to the deterministic tools, whom no hint moves, and all others on to `otherwise`. */
export function withTools(otherwise: HintedHandler, settings: ToolSettings, log: WorkerLog): HintedHandler {
  return async (task, hints, signal) => {
    const object = JsonObject.safeParse(task.arguments);
    if (!object.success || object.data.tools !== true) return otherwise(task, hints, signal);
    const args = ToolArguments.safeParse(object.data);
    if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
    const report = await runTools(args.data, settings, signal);
    const { runId, commandId, state, attempt } = task;
    const { passed, failing, notRun } = report;
    log.info({ runId, commandId, state, attempt, passed, failing, notRun }, 'ran the tools');
    return { ok: true, output: report };
  };
}
