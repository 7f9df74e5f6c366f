import { AnomalyMeasure, WorkflowName } from '@baton/contracts';
import { z } from 'zod';
import { dateOrTime } from '../http/date-or-time.js';
import { pageLimit, wholeNumber } from '../http/parameters.js';

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const ExpectationQuery = z.strictObject({
  workflow: WorkflowName,
  /** Absent: the one that the name alone stands for. */
  version: z.string().min(1).max(100).optional(),
  /** How large the input is as JSON; absent: nothing is from inputs of one size. */
  inputBytes: wholeNumber(/^\d{1,9}$/, 'must be a number of bytes').optional(),
});

export const CalibrationQuery = z.strictObject({ workflow: WorkflowName.optional() });

export const AnomalyQuery = z.strictObject({
  /** A run's id, or the beginning of it. */
  run: z.string().min(1).max(100).optional(),
  workflow: WorkflowName.optional(),
  measure: AnomalyMeasure.optional(),
  /** When its run ended: then or later, and before. */
  since: dateOrTime.optional(),
  until: dateOrTime.optional(),
  limit: pageLimit(200, 50),
  cursor: z.string().max(500).optional(),
});
