import type { Anomaly } from '@baton/contracts';
import { sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import type { FoldedEvent } from './decision-store.js';

/** An anomaly, and the event that ended its run. */
export interface FoundAnomaly {
  readonly anomaly: Anomaly;
  readonly ended: FoldedEvent;
}

export async function saveAnomalies(client: Connection, found: readonly FoundAnomaly[]): Promise<void> {
  const column = <T>(read: (found: FoundAnomaly) => T): readonly T[] => found.map(read);
  await sql`insert into baton.anomaly (run_id, measure, position, at, workflow, workflow_version, direction, value, window_size,
      median, deviations, sample_size, false_alarm_rate)
    select * from unnest(
      ${column(({ ended }) => ended.stored.runId)}::uuid[], ${column(({ anomaly }) => anomaly.measure)}::text[],
      ${column(({ ended }) => ended.stored.position)}::bigint[], ${column(({ ended }) => ended.stored.recordedAt)}::timestamptz[],
      ${column(({ ended }) => ended.facts.workflow)}::text[], ${column(({ ended }) => ended.facts.workflowVersion)}::text[],
      ${column(({ anomaly }) => anomaly.direction)}::text[], ${column(({ anomaly }) => anomaly.value)}::float8[],
      ${column(({ anomaly }) => anomaly.windowSize)}::int[], ${column(({ anomaly }) => anomaly.median)}::float8[],
      ${column(({ anomaly }) => anomaly.deviations)}::float8[],
      ${column(({ anomaly }) => anomaly.sampleSize)}::int[], ${column(({ anomaly }) => anomaly.falseAlarmRate)}::float8[])
    on conflict do nothing`.execute(readModel(client, 'save-anomalies'));
}
