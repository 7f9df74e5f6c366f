import { WorkflowName } from '@baton/contracts';
import { ActionType, Classification, DecisionRecord, DecisionSource } from '@baton/workflow';
import { z } from 'zod';
import { cursorOfList } from '../http/cursors.js';
import { dateOrTime } from '../http/date-or-time.js';
import { pageLimit } from '../http/parameters.js';

/** When it was decided: then or later, and before. */
const when = { since: dateOrTime.optional(), until: dateOrTime.optional() };

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const DecisionListQuery = z.strictObject({
  /** A run's id, or the beginning of it. */
  run: z.string().min(1).max(100).optional(),
  workflow: WorkflowName.optional(),
  source: DecisionSource.optional(),
  classification: Classification.optional(),
  actionType: ActionType.optional(),
  point: DecisionRecord.shape.point.shape.kind.optional(),
  ...when,
  limit: pageLimit(200, 50),
  cursor: z.string().max(500).optional(),
});

export const JudgeQuery = z.strictObject({ workflow: WorkflowName.optional(), ...when });

export const BacktestQuery = JudgeQuery.extend({
  cursor: cursorOfList('backtest', z.uuid()),
});
