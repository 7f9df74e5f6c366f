import type { Schemas } from '../../../api/api.js';

type Policy = Schemas['DecisionPolicy'];

/** What the sliders say. Null: as it was. */
export interface PolicyDraft {
  readonly mode: NonNullable<Policy['mode']> | null;
  readonly thresholds: Readonly<Record<string, number | null>>;
  readonly maxRounds: number | null;
  readonly errors: number | null;
  readonly drop: number | null;
  readonly gain: number | null;
  readonly spread: number | null;
}

export const AS_IT_WAS: PolicyDraft = {
  mode: null,
  thresholds: { alignment: null, compatibility: null, standardization: null },
  maxRounds: null,
  errors: null,
  drop: null,
  gain: null,
  spread: null,
};

const LIMITS = ['errors', 'drop', 'gain', 'spread'] as const;

/** The policy with what was moved and nothing else: what is not named stays as it was. */
export function policyOf(draft: PolicyDraft): Policy {
  const thresholds: Record<string, number> = {};
  for (const [name, value] of Object.entries(draft.thresholds)) if (value !== null) thresholds[name] = value;
  const limits: Policy['limits'] = {};
  for (const name of LIMITS) if (draft[name] !== null) limits[name] = draft[name];
  return {
    ...(draft.mode === null ? {} : { mode: draft.mode }),
    ...(Object.keys(thresholds).length === 0 ? {} : { thresholds }),
    ...(draft.maxRounds === null ? {} : { maxRounds: draft.maxRounds }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

type Report = Schemas['BacktestReport'];

/** Pages of a report put together. */
export function together(before: Report | null, page: Report): Report {
  if (before === null) return page;
  const counts: Record<string, number> = { ...before.counts };
  for (const [name, count] of Object.entries(page.counts)) counts[name] = (counts[name] ?? 0) + count;
  return {
    runs: before.runs + page.runs,
    decisions: before.decisions + page.decisions,
    counts,
    differing: [...before.differing, ...page.differing],
    next: page.next,
  };
}
