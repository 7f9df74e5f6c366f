import { microUsdOf, type TaskBudget, usdOf } from '@baton/contracts';
import { expectedCost, tooSmallShare } from '../state/costs.js';
import type { BudgetKind, StartedRun } from '../state/run-state.js';
import { durationSeconds } from './duration.js';

/*
 * Budgets as admission control. A task that may cost something reserves what it may spend when it is sent out; the
 * reservation stands in its command, so it is in the log and survives whatever happens to a process. Its result settles
 * it: what was used is spent, the rest is free again. A task for which nothing is left waits for those under way; when
 * none is, a person is asked. Money is compared and summed in whole micro-dollars: what fits exactly, fits.
 */

/** Of a budget of which nothing is known of what its tasks cost: a quarter is reserved for one of many that run at once. */
const SHARES = 4;
/** What a task gets at least, as a part of the limit, however little the ones before it have cost. */
const FLOOR = 50;
/** From four fifths on tasks are told to come to an end. */
const WARNING = { used: 5, limit: 4 } as const;

export type Admission =
  | { readonly type: 'admitted'; readonly budget: TaskBudget | null }
  /** Others have reserved what is left. */
  | { readonly type: 'wait' }
  | ({ readonly type: 'exhausted' } & Level);

/** How far a budget is used. `limit` and `used` in micro-dollars, tokens, or seconds. */
export interface Level {
  readonly kind: BudgetKind;
  readonly used: number;
  readonly limit: number;
  /** Something without a price was used: what is left of the money, nobody knows. */
  readonly isUnknown?: true;
}

/** An amount as events and people have it: in dollars, tokens, or seconds. */
export const shownAmount = (kind: BudgetKind, amount: number): number => (kind === 'usd' ? usdOf(amount) : amount);

/** A level as events and people have it: in dollars, tokens, or seconds. */
export const shownLevel = ({ kind, used, limit }: Level): Omit<Level, 'isUnknown'> => ({
  kind,
  used: shownAmount(kind, used),
  limit: shownAmount(kind, limit),
});

/** Every limit that the run has, and what was spent of it. */
export function levelsOf(run: StartedRun, nowMs: number): readonly Level[] {
  const { budget, extended, spent, startedAt } = run;
  const levels: Level[] = [];
  if (budget.usd !== null) {
    const unknown = spent.hasUnknownPrice ? { isUnknown: true as const } : {};
    const limit = microUsdOf(budget.usd, 'down') + extended.microUsd;
    levels.push({ kind: 'usd', used: spent.microUsd, limit, ...unknown });
  }
  if (budget.tokens !== null) {
    levels.push({ kind: 'tokens', used: spent.tokens, limit: budget.tokens + extended.tokens });
  }
  if (budget.wallClock !== null && startedAt !== null) {
    const limit = durationSeconds(budget.wallClock) + extended.wallClock;
    // A duration that depends on the calendar bounds nothing, and no event could hold it.
    const used = Math.max(0, (nowMs - Date.parse(startedAt)) / 1000);
    if (Number.isFinite(limit)) levels.push({ kind: 'wallClock', used, limit });
  }
  return levels;
}

/** Whether anything of a limit is left. Money of which nobody knows how much is gone counts as gone. */
const isExhausted = ({ used, limit, isUnknown }: Level): boolean => used >= limit || isUnknown === true;

/** The first limit that is used up, or null. */
export const exhaustedLevel = (run: StartedRun, nowMs: number): Level | null =>
  levelsOf(run, nowMs).find(isExhausted) ?? null;

/** Limits of which four fifths are used, and nobody was told. */
export const levelsToWarn = (run: StartedRun, nowMs: number): readonly Level[] =>
  levelsOf(run, nowMs).filter(
    ({ kind, used, limit }) => used * WARNING.used >= limit * WARNING.limit && !run.warned.includes(kind),
  );

/** A task that wants to be sent out. */
export interface Applicant {
  readonly state: string;
  readonly resource: string;
  /** How many such tasks can be under way at once where it stands, this one among them. */
  readonly width: number;
}

/** Whether a task may be sent out, and what it may spend. */
export function admit(run: StartedRun, applicant: Applicant, nowMs: number): Admission {
  const levels = levelsOf(run, nowMs);
  const exhausted = levels.find(isExhausted);
  if (exhausted !== undefined) return { type: 'exhausted', ...exhausted };
  const share = run.document.steps?.[applicant.state]?.budget;
  const granted: { usd?: number; tokens?: number } = {};
  for (const { kind, used, limit } of levels) {
    if (kind === 'wallClock') continue;
    const reserved = kind === 'usd' ? run.reserved.microUsd : run.reserved.tokens;
    const free = limit - used - reserved;
    const wanted = shareOf(share, kind) ?? Math.max(1, wantedShare(run, applicant, { kind, used, limit }));
    if (free < wanted && reserved > 0) return { type: 'wait' };
    granted[kind] = shownAmount(kind, Math.floor(Math.min(wanted, free)));
  }
  const own = { ...(share ?? {}), ...granted };
  return { type: 'admitted', budget: Object.keys(own).length === 0 ? null : own };
}

/**
 * What is reserved for a task whose step names no share of its own. One that is alone may spend all that is left: nobody else
 * needs it. Of several at once each gets as much as leaves the same to the others, and more where such tasks cost more: then
 * the others stand in line.
 */
function wantedShare(
  { costs, document }: StartedRun,
  { state, resource, width }: Applicant,
  { kind, used, limit }: { readonly kind: 'usd' | 'tokens'; readonly used: number; readonly limit: number },
): number {
  // Begun when every task got a quarter: it goes on like that, and its log replays.
  if (costs === null) return Math.floor(limit / SHARES);
  const left = limit - used;
  if (width === 1) return left;
  const fair = Math.floor(left / width);
  const usual = document.steps?.[state]?.usual;
  const expected = expectedCost(costs, { state, resource, usual }, kind);
  if (expected === null) return Math.max(fair, Math.floor(left / SHARES));
  return Math.max(fair, Math.min(left, Math.max(expected, Math.floor(limit / FLOOR))));
}

/**
 * Whether a task that ran out of its share may have a larger one: its step names none, and more is left of the run than it had.
 */
export function mayHaveMore(run: StartedRun, state: string, nowMs: number): boolean {
  const share = run.document.steps?.[state]?.budget;
  const { costs } = run;
  if (costs === null) return false;
  const levels = levelsOf(run, nowMs);
  if (levels.some(isExhausted)) return false;
  return levels.some(({ kind, used, limit }) => {
    if (kind === 'wallClock' || share?.[kind] !== undefined) return false;
    const had = tooSmallShare(costs, state, kind);
    return had > 0 && limit - used > had;
  });
}

/** In micro-dollars or tokens. */
function shareOf(share: TaskBudget | undefined, kind: 'usd' | 'tokens'): number | undefined {
  if (kind === 'tokens' || share?.usd === undefined) return share?.[kind];
  return microUsdOf(share.usd, 'down');
}

/** How far each budget of a run is used, as people have it: in dollars, tokens, or seconds. `reserved` is what open tasks may spend. */
export const shownLevels = (
  run: StartedRun,
  nowMs: number,
): readonly (Omit<Level, 'isUnknown'> & { readonly reserved: number; readonly left: number | null })[] =>
  levelsOf(run, nowMs).map((level) => {
    const reserved = level.kind === 'usd' ? run.reserved.microUsd : level.kind === 'tokens' ? run.reserved.tokens : 0;
    // Of money that was spent without a price nobody knows what is left.
    const left = level.isUnknown === true ? null : Math.max(0, level.limit - level.used - reserved);
    return {
      ...shownLevel(level),
      reserved: shownAmount(level.kind, reserved),
      left: left === null ? null : shownAmount(level.kind, left),
    };
  });
