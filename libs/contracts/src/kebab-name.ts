import { z } from 'zod';

/** How people name what they find by its name: schedules, hooks, rules. */
export const KebabName = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected kebab-case, such as nightly-report');
