import { WorkflowName } from '@baton/contracts';
import { ActionType, Classification, DecisionRecord, DecisionSource } from '@baton/workflow';
import { z } from 'zod';
import { cursorOfList } from '../http/cursors.js';
import { PARAMETERS, pageLimit } from '../http/parameters.js';

/** What Postgres holds without a thought: a year 0 it does not know, and an offset may lead out of the last one. */
const isUsual = (instant: string): boolean => {
  const year = new Date(instant).getUTCFullYear();
  return year >= 1970 && year <= 9998;
};

/** An instant; a date alone is its beginning in UTC. */
const DateOrTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
const Since = z
  .string()
  .refine((text) => DateOrTime.safeParse(text).success, {
    error: 'must be a date or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z',
    abort: true,
  })
  .refine(isUsual, 'must be of the years 1970 to 9998')
  .transform((instant) => new Date(instant).toISOString())
  .register(PARAMETERS, { type: 'string', description: 'A date, or a time of RFC 3339.' });

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const DecisionListQuery = z.strictObject({
  /** A run's id, or the beginning of it. */
  run: z.string().min(1).max(100).optional(),
  workflow: WorkflowName.optional(),
  source: DecisionSource.optional(),
  classification: Classification.optional(),
  actionType: ActionType.optional(),
  point: DecisionRecord.shape.point.shape.kind.optional(),
  since: Since.optional(),
  limit: pageLimit(200, 50),
  cursor: z.string().max(500).optional(),
});

export const JudgeQuery = z.strictObject({ workflow: WorkflowName.optional(), since: Since.optional() });

export const BacktestQuery = JudgeQuery.extend({
  cursor: cursorOfList('backtest', z.uuid()),
});
