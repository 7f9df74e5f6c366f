import { z } from 'zod';
import type { Zone } from '../../parts/days.js';
import { rangeOf } from './time-range.js';

const said = z.string().min(1).optional().catch(undefined);
const range = z
  .string()
  .refine((text) => rangeOf(text, 0) !== null)
  .optional()
  .catch(undefined);

/** What stands in the address is what is shown; what is not understood there is left out. */
export const RunsSearch = z.object({
  status: z.enum(['accepted', 'running', 'paused', 'succeeded', 'failed', 'cancelled']).optional().catch(undefined),
  workflow: said,
  /** `name=value`. */
  label: z
    .string()
    .regex(/^[^=]{1,63}=/)
    .optional()
    .catch(undefined),
  text: z
    .string()
    .max(200)
    .regex(/[\p{L}\p{N}]/u)
    .optional()
    .catch(undefined),
  /** When it began, and when it ended: see time-range.ts. */
  began: range,
  ended: range,
  /** Dollars. */
  cost: z.number().nonnegative().max(999_999_999).optional().catch(undefined),
  /** For a person, or for whoever looks. */
  waits: z.enum(['approval', 'me']).optional().catch(undefined),
  view: z.literal('grid').optional().catch(undefined),
});

export type RunsSearch = z.infer<typeof RunsSearch>;

/** Without how it is shown: what is asked for. */
export type RunsFilter = Omit<RunsSearch, 'view'>;

/** As the gateway is asked. @param zone in which days are those that are meant */
export function queryOf(
  { status, workflow, label, text, began, ended, cost, waits }: RunsFilter,
  nowMs: number,
  zone: Zone = 'local',
) {
  const [start, end] = [rangeOf(began ?? '', nowMs, zone), rangeOf(ended ?? '', nowMs, zone)];
  return {
    ...(status === undefined ? {} : { status }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(label === undefined ? {} : { label: [label] }),
    ...(text === undefined ? {} : { text }),
    ...(start?.after === undefined ? {} : { startedAfter: start.after }),
    ...(start?.before === undefined ? {} : { startedBefore: start.before }),
    ...(end?.after === undefined ? {} : { endedAfter: end.after }),
    ...(end?.before === undefined ? {} : { endedBefore: end.before }),
    // No more digits than money has, and no exponent.
    ...(cost === undefined ? {} : { minCostUsd: Number(cost.toFixed(6)) }),
    ...(waits === undefined ? {} : { waitingFor: waits }),
  };
}

/** Lists that people ask for all the time. */
export const PRESETS: readonly { readonly title: string; readonly search: RunsFilter }[] = [
  { title: 'All', search: {} },
  { title: 'Waits for me', search: { waits: 'me' } },
  { title: 'Waits for a person', search: { waits: 'approval' } },
  { title: 'Failed today', search: { status: 'failed', ended: 'today' } },
  { title: 'Expensive', search: { cost: 1 } },
];

const FIELDS = ['status', 'workflow', 'label', 'text', 'began', 'ended', 'cost', 'waits'] as const;

/** Whether two ask for the same. */
export const isSameFilter = (one: RunsFilter, other: RunsFilter): boolean =>
  FIELDS.every((field) => one[field] === other[field]);

/** The preset that is shown, where it is one. */
export const presetOf = (filter: RunsFilter): string | undefined =>
  PRESETS.find(({ search }) => isSameFilter(search, filter))?.title;
