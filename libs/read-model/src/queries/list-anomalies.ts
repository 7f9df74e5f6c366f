import { AnomalyMeasure, type AnomalyView, BatonError } from '@baton/contracts';
import { z } from 'zod';
import { type Connection, readModel } from '../database.js';
import { type RunScope, runsInScope } from './run-scope.js';

export interface AnomalyFilter {
  readonly runId?: string | undefined;
  readonly workflow?: string | undefined;
  readonly measure?: AnomalyMeasure | undefined;
  /** RFC 3339: of runs that ended then or later, and before. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Of runs that whoever asks has to do with: what is made of all runs is not shown to them. */
  readonly scope?: RunScope | null;
}

export interface AnomalyPage {
  readonly anomalies: AnomalyView[];
  /** Where the next page begins; null on the last one. Opaque to clients. */
  readonly next: string | null;
}

/**
 * Anomalies, the newest first.
 *
 * @param limit at least 1
 * @param cursor `next` of the page before
 * @throws BatonError `invalid-cursor`
 */
export async function listAnomalies(
  connection: Connection,
  { runId, workflow, measure, since, until, scope = null }: AnomalyFilter,
  limit: number,
  cursor?: string,
): Promise<AnomalyPage> {
  const before = cursor === undefined ? null : parseCursor(cursor);
  let query = readModel(connection).selectFrom('anomaly').selectAll();
  if (before !== null) {
    const [position, name] = before;
    query = query.where((row) =>
      row.or([row('position', '<', position), row.and([row('position', '=', position), row('measure', '>', name)])]),
    );
  }
  if (runId !== undefined) query = query.where('run_id', '=', runId);
  if (workflow !== undefined) query = query.where('workflow', '=', workflow);
  if (measure !== undefined) query = query.where('measure', '=', measure);
  if (since !== undefined) query = query.where('at', '>=', new Date(since));
  if (until !== undefined) query = query.where('at', '<', new Date(until));
  // What share of runs failed is made of everybody's.
  if (scope !== null) {
    query = query.where('run_id', 'in', runsInScope(connection, scope)).where('measure', '!=', 'failures');
  }
  // What a newer version looks for is not known here: it is left out, so that what is known is still shown.
  query = query.where('measure', 'in', AnomalyMeasure.options);
  const rows = await query
    .orderBy('position', 'desc')
    .orderBy('measure')
    .limit(limit + 1)
    .execute();
  const anomalies = rows.slice(0, limit).map(
    (row): AnomalyView => ({
      ...{ runId: row.run_id, workflow: row.workflow, workflowVersion: row.workflow_version },
      ...{ measure: AnomalyMeasure.parse(row.measure), direction: row.direction === 'high' ? 'high' : 'low' },
      ...{ value: row.value, windowSize: row.window_size },
      ...(scope === null ? usualOf(row) : NOT_SHOWN),
      ...{ at: row.at.toISOString(), position: row.position },
    }),
  );
  const last = anomalies.at(-1);
  return { anomalies, next: rows.length > limit && last !== undefined ? toCursor(last) : null };
}

const usualOf = (row: {
  readonly median: number;
  readonly deviations: number;
  readonly sample_size: number;
  readonly false_alarm_rate: number;
}) => ({
  ...{ median: row.median, deviations: row.deviations },
  ...{ sampleSize: row.sample_size, falseAlarmRate: row.false_alarm_rate },
});

const NOT_SHOWN = { median: null, deviations: null, sampleSize: null, falseAlarmRate: null };

const Place = z.tuple([z.int().positive(), AnomalyMeasure]);

const toCursor = ({ position, measure }: AnomalyView): string =>
  Buffer.from(JSON.stringify([position, measure])).toString('base64url');

function parseCursor(cursor: string): z.infer<typeof Place> {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new BatonError('The cursor is not one that a list of anomalies gave.', {
      code: 'invalid-cursor',
      next: 'Take the cursor from `next` of the page before, or leave it out to begin with the newest anomaly.',
      cause,
    });
  }
}
