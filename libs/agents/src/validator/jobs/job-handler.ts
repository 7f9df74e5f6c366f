import { JsonObject } from '@baton/contracts';
import type { WorkerLog } from '@baton/worker';
import type { HintedHandler } from '../../task/hints.js';
import { JobArguments, TableArguments } from '../../task/job-arguments.js';
import { type OfflineWorkRecord, offlineWorkOf } from '../../task/offline-work.js';
import { invalidInput, unlessMissing } from '../../task/or-failure.js';
import { describeIssues } from '../../task/problems.js';
import type { ToolSettings } from '../tools/run-tools.js';
import { readTable } from './read-table.js';
import { runProgram } from './run-program.js';

interface JobPorts {
  readonly offlineWork: OfflineWorkRecord;
  readonly log: WorkerLog;
}

/** Takes the tasks that want a program run or a table read, whom no hint moves, and sends all others on to `otherwise`. */
export function withJobs(
  otherwise: HintedHandler,
  settings: Omit<ToolSettings, 'isOfflineWork'>,
  { offlineWork, log }: JobPorts,
): HintedHandler {
  return async (task, hints, signal) => {
    const given = JsonObject.safeParse(task.arguments).data ?? {};
    const { runId, commandId, state, attempt } = task;
    if (given.table !== undefined) {
      const args = TableArguments.safeParse(given);
      if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
      const read = await readTable(args.data, settings.blobs).catch(unlessMissing);
      return read.ok ? { ok: true, output: JSON.parse(JSON.stringify(read.value)) } : read;
    }
    if (given.job === undefined) return otherwise(task, hints, signal);
    const args = JobArguments.safeParse(given);
    if (!args.success) return invalidInput(`The arguments do not fit: ${describeIssues(args.error).join('; ')}.`);
    const { isKnown: isOfflineWork } = offlineWorkOf(offlineWork, commandId);
    const report = await runProgram(args.data, { ...settings, isOfflineWork }, signal).catch(unlessMissing);
    if ('ok' in report) return report;
    log.info({ runId, commandId, state, attempt, passed: report.passed }, 'ran a program');
    return { ok: true, output: report };
  };
}
