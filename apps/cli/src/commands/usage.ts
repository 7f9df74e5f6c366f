import type { UsageGroup, UsageReport } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { writeLine, writeOne } from '../output.js';
import { formatTable } from '../table.js';
import { requireWorkflowName } from './workflow-names.js';

export interface UsageOptions {
  readonly by: UsageReport['by'];
  readonly workflow?: string;
  readonly since?: string;
  readonly until?: string;
  readonly timeZone?: string;
}

export async function showUsage(context: Context, options: UsageOptions): Promise<ExitCode> {
  const { by, workflow, since, until, timeZone } = options;
  const gateway = await gatewayOf(context);
  const params = { query: { by, workflow, since, until, timeZone } };
  const report = await gateway.get('/v1/usage', { params, signal: context.interrupted });
  if (report.total.runs === 0 && workflow !== undefined)
    await requireWorkflowName(gateway, workflow, context.interrupted);
  writeOne(context.io, context.format, report, linesOf);
  if (context.format !== 'table') return ExitCode.ok;
  if (report.total.runs === 0) writeLine(context.io.err, 'No run began then.');
  if (report.leftOff > 0) writeLine(context.io.err, `${report.leftOff} more are in the total alone.`);
  const { unpriced } = report.total;
  if (unpriced > 0)
    writeLine(context.io.err, `+ marks a cost without that of tasks whose price is not known: ${unpriced}.`);
  return ExitCode.ok;
}

const OUTCOMES = ['SUCCEEDED', 'FAILED', 'MEDIAN', 'P95', 'ASKED A PERSON'];

function linesOf({ by, groups, total }: UsageReport, width: number): readonly string[] {
  if (groups.length === 0) return [];
  const hasOutcomes = total.outcomes !== null;
  const headings = [by.toUpperCase(), 'RUNS', 'TASKS', 'TOKENS', 'USD', ...(hasOutcomes ? OUTCOMES : [])];
  const rows = [...groups.map((group) => rowOf(group, group.key ?? '-')), rowOf(total, 'all')];
  return formatTable(headings, rows, width);
}

const rowOf = (group: UsageGroup, name: string): string[] => [
  name,
  String(group.runs),
  String(group.tasks),
  String(group.inputTokens + group.outputTokens),
  `${group.knownCostUsd.toFixed(4)}${group.unpriced === 0 ? '' : '+'}`,
  ...outcomesOf(group),
];

function outcomesOf({ outcomes }: UsageGroup): string[] {
  if (outcomes === null) return [];
  const { succeeded, failed, medianMs, p95Ms, escalations } = outcomes;
  const span = (ms: number | null): string => (ms === null ? '-' : formatDuration(ms));
  return [String(succeeded), String(failed), span(medianMs), span(p95Ms), String(escalations)];
}
