import type { Schemas } from '../../api/api.js';
import { dayAt, daysBetween } from '../../parts/days.js';
import { moneyOf } from '../../parts/spans.js';
import type { Range } from './range.js';

type Report = Schemas['UsageReport'];
export type Group = Schemas['UsageGroup'];

/** What it cost; where some of it is not known, at least what is. */
export const costOf = ({ costUsd, knownCostUsd, tasks, unpriced }: Group): string => {
  if (costUsd !== null) return moneyOf(costUsd);
  return unpriced === tasks ? 'unknown' : `≥ ${moneyOf(knownCostUsd)}`;
};

/** Of those that ended, as whole percents; null where none has. */
export function successOf({ outcomes }: Group): number | null {
  if (outcomes === null) return null;
  const ended = outcomes.succeeded + outcomes.failed + outcomes.cancelled;
  return ended === 0 ? null : Math.round((100 * outcomes.succeeded) / ended);
}

/** As many as the gateway adds up, which are the newest. */
const MOST_DAYS = 400;
const DAY_MS = 86_400_000;

/** The figures of each day of a range, also of those on which nothing was. */
export function byDay(report: Report | undefined, { since, until }: Range) {
  const days = new Map((report?.groups ?? []).map((group) => [group.key, group]));
  const first = dayAt(Date.parse(until) - (MOST_DAYS - 1) * DAY_MS, 'utc');
  const labels = daysBetween(first > since ? first : since, until, MOST_DAYS);
  const values = (read: (group: Group) => number): readonly number[] =>
    labels.map((day) => {
      const group = days.get(day);
      return group === undefined ? 0 : read(group);
    });
  return {
    labels,
    runs: values(({ runs }) => runs),
    cost: values(({ knownCostUsd }) => knownCostUsd),
    failed: values(({ outcomes }) => outcomes?.failed ?? 0),
  };
}
