import { UsageReport, WorkflowName } from '@baton/contracts';
import { z } from 'zod';
import { dateOrTime } from '../http/date-or-time.js';
import { PARAMETERS } from '../http/parameters.js';

/** By name: what begins with a sign Postgres reads the other way round. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,99}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A parameter that is not known is refused: a filter that is misspelt must not look like a result. */
export const UsageQuery = z.strictObject({
  by: UsageReport.shape.by.default('workflow'),
  workflow: WorkflowName.optional(),
  /** When a run began: then or later, and before. */
  since: dateOrTime.optional(),
  until: dateOrTime.optional(),
  /** In which a day is one. */
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be the name of a time zone, as Europe/Vienna or UTC')
    .default('UTC')
    .register(PARAMETERS, { type: 'string', description: 'In which a day is one, as Europe/Vienna; UTC by default.' }),
});
