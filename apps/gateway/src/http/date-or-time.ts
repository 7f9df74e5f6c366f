import { z } from 'zod';
import { PARAMETERS } from './parameters.js';

/** What Postgres holds without a thought: a year 0 it does not know, and an offset may lead out of the last one. */
const isUsual = (instant: string): boolean => {
  const year = new Date(instant).getUTCFullYear();
  return year >= 1970 && year <= 9998;
};

const DateOrTime = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** An instant; a date alone is its beginning in UTC. */
export const dateOrTime = z
  .string()
  .refine((text) => DateOrTime.safeParse(text).success, {
    error: 'must be a date or a time, such as 2026-01-31 or 2026-01-31T12:00:00Z',
    abort: true,
  })
  .refine(isUsual, 'must be of the years 1970 to 9998')
  .transform((instant) => new Date(instant).toISOString())
  .register(PARAMETERS, {
    type: 'string',
    description: 'A date, which is its beginning in UTC, or a time of RFC 3339.',
  });
