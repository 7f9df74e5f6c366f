import { listUpTo } from '@baton/client';
import type { AnomalyMeasure, AnomalyView } from '@baton/contracts';
import { type Context, gatewayOf } from '../context.js';
import { formatDuration, timeOf } from '../durations.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeList } from '../output.js';
import { dollars } from './expectation-words.js';
import { aboutRun } from './meant-workflow.js';
import { shortId } from './run-shapes.js';
import { tellMore } from './tell-more.js';
import { requireWorkflowName } from './workflow-names.js';

export interface AnomalyOptions {
  readonly run?: string;
  readonly workflow?: string;
  readonly measure?: AnomalyMeasure;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly after?: string;
}

const PAGE = 100;

const columns: Columns<AnomalyView> = {
  headings: ['ENDED', 'RUN', 'WORKFLOW', 'MEASURE', 'VALUE', 'USUAL', 'DEVIATIONS', 'RUNS', 'FALSE ALARMS'],
  row: (each) => [
    timeOf(each.at),
    shortId(each.runId),
    `${each.workflow}@${each.workflowVersion}`,
    each.measure,
    `${valueText(each.measure, each.value)}${each.windowSize === null ? '' : ` of ${each.windowSize}`}`,
    each.median === null ? '-' : valueText(each.measure, each.median),
    `${each.deviations === null ? '' : `${each.deviations.toFixed(1)} `}${each.direction === 'high' ? 'above' : 'below'}`,
    each.sampleSize === null ? '-' : String(each.sampleSize),
    each.falseAlarmRate === null ? '-' : `${(100 * each.falseAlarmRate).toFixed(1)} % at most`,
  ],
};

function valueText(measure: AnomalyMeasure, value: number): string {
  if (measure === 'duration') return formatDuration(value);
  if (measure === 'failures') return `${Math.round(100 * value)} %`;
  return measure === 'cost' ? dollars(value) : String(Math.round(value * 100) / 100);
}

export async function listAnomalies(context: Context, options: AnomalyOptions): Promise<ExitCode> {
  const { limit, after, ...filters } = options;
  const gateway = await gatewayOf(context);
  const about = { id: filters.run ?? '', command: 'anomaly list --workflow', signal: context.interrupted };
  const list = listUpTo({
    ask: async (page) => {
      const params = { query: { ...filters, ...page } };
      const answer = await gateway.get('/v1/anomalies', { params, signal: context.interrupted });
      return { items: answer.anomalies, next: answer.next };
    },
    limit,
    after,
    pageSize: PAGE,
  });
  const { items, next } = await (filters.run === undefined ? list : aboutRun(gateway, about, () => list));
  if (items.length === 0 && after === undefined && filters.workflow !== undefined) {
    await requireWorkflowName(gateway, filters.workflow, context.interrupted);
  }
  writeList(context.io, context.format, items, columns, 'Nothing unusual was found.');
  tellMore(context, 'anomaly list', [...Object.entries(filters), ['limit', limit]], next);
  return ExitCode.ok;
}
