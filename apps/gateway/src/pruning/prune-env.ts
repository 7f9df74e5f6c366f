import { z } from 'zod';

/** 0: for ever. */
const daysFrom = (least: number) => {
  const expected = `expected a whole number of days from ${least}, or 0 for what is kept for ever`;
  return z.coerce
    .number(expected)
    .int(expected)
    .max(36_500, expected)
    .refine((days) => days === 0 || days >= least, expected);
};

/** For how many days what is not the log is kept. What stands here as the least the database insists on, too. */
export const KeepVariables = z.object({
  /** Since a blob that nothing names was last put. */
  BATON_KEEP_BLOBS_DAYS: daysFrom(2).default(7),
  /** Since a request had its effect: so long the same id is the same request. */
  BATON_KEEP_REQUESTS_DAYS: daysFrom(1).default(90),
  /** Since something last happened with a dead letter. */
  BATON_KEEP_DEAD_LETTERS_DAYS: daysFrom(7).default(365),
  BATON_KEEP_ACCESS_LOG_DAYS: daysFrom(30).default(400),
});

/** In days; null: for ever. */
export interface KeptFor {
  readonly blobs: number | null;
  readonly requests: number | null;
  readonly deadLetters: number | null;
  readonly accessLog: number | null;
}

export function keptFor(env: z.infer<typeof KeepVariables>): KeptFor {
  const orEver = (days: number): number | null => (days === 0 ? null : days);
  return {
    blobs: orEver(env.BATON_KEEP_BLOBS_DAYS),
    requests: orEver(env.BATON_KEEP_REQUESTS_DAYS),
    deadLetters: orEver(env.BATON_KEEP_DEAD_LETTERS_DAYS),
    accessLog: orEver(env.BATON_KEEP_ACCESS_LOG_DAYS),
  };
}
