import { microUsdOf, type TaskBudget, usdOf } from '@baton/contracts';
import type { BudgetKind, StartedRun } from '../state/run-state.js';
import { durationSeconds } from './duration.js';

/*
 * Budgets as admission control. A task that may cost something reserves what it may spend when it is sent out; the
 * reservation stands in its command, so it is in the log and survives whatever happens to a process. Its result settles
 * it: what was used is spent, the rest is free again. A task for which nothing is left waits for those under way; when
 * none is, a person is asked. Money is compared and summed in whole micro-dollars: what fits exactly, fits.
 */

/** Of a budget without a share for the step: a quarter is reserved for one task, and four can be under way. */
const SHARES = 4;
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

/**
 * Whether a task may be sent out, and what it may spend.
 * @param share what the workflow allows one task of the step
 */
export function admit(run: StartedRun, share: TaskBudget | undefined, nowMs: number): Admission {
  const levels = levelsOf(run, nowMs);
  const exhausted = levels.find(isExhausted);
  if (exhausted !== undefined) return { type: 'exhausted', ...exhausted };
  const granted: { usd?: number; tokens?: number } = {};
  for (const { kind, used, limit } of levels) {
    if (kind === 'wallClock') continue;
    const reserved = kind === 'usd' ? run.reserved.microUsd : run.reserved.tokens;
    const free = limit - used - reserved;
    const wanted = shareOf(share, kind) ?? Math.max(1, Math.floor(limit / SHARES));
    if (free < wanted && reserved > 0) return { type: 'wait' };
    granted[kind] = shownAmount(kind, Math.floor(Math.min(wanted, free)));
  }
  const own = { ...(share ?? {}), ...granted };
  return { type: 'admitted', budget: Object.keys(own).length === 0 ? null : own };
}

/** In micro-dollars or tokens; a quarter of three tokens is none, with which nothing can begin. */
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
