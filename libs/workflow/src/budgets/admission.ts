import type { TaskBudget } from '@baton/contracts';
import type { BudgetKind, StartedRun } from '../state/run-state.js';
import { durationSeconds } from './duration.js';

/*
 * Budgets as admission control. A task that may cost something reserves what it may spend when it is sent out; the
 * reservation stands in its command, so it is in the log and survives whatever happens to a process. Its result settles
 * it: what was used is spent, the rest is free again. A task for which nothing is left waits for those under way; when
 * none is, a person is asked.
 */

/** Of a budget without a share for the step: so much is reserved for one task, and four can be under way. */
const DEFAULT_SHARE = 0.25;
/** From here on tasks are told to come to an end. */
export const WARNING_SHARE = 0.8;

export type Admission =
  | { readonly type: 'admitted'; readonly budget: TaskBudget | null }
  /** Others have reserved what is left. */
  | { readonly type: 'wait' }
  | ({ readonly type: 'exhausted' } & Level);

/** How far a budget is used. `limit` and `used` in dollars, tokens, or seconds. */
export interface Level {
  readonly kind: BudgetKind;
  readonly used: number;
  readonly limit: number;
  /** Something without a price was used: what is left of the money, nobody knows. */
  readonly isUnknown?: true;
}

/** Every limit that the run has, and what was spent of it. */
export function levelsOf(run: StartedRun, nowMs: number): readonly Level[] {
  const { budget, extended, spent, startedAt } = run;
  const levels: Level[] = [];
  if (budget.usd !== null) {
    const unknown = spent.hasUnknownPrice ? { isUnknown: true as const } : {};
    levels.push({ kind: 'usd', used: spent.usd, limit: budget.usd + extended.usd, ...unknown });
  }
  if (budget.tokens !== null) {
    levels.push({ kind: 'tokens', used: spent.tokens, limit: budget.tokens + extended.tokens });
  }
  if (budget.wallClock !== null && startedAt !== null) {
    const limit = durationSeconds(budget.wallClock) + extended.wallClock;
    levels.push({ kind: 'wallClock', used: Math.max(0, (nowMs - Date.parse(startedAt)) / 1000), limit });
  }
  // A duration that depends on the calendar bounds nothing, and no event could hold it.
  return levels.filter(({ limit }) => Number.isFinite(limit));
}

/** Whether anything of a limit is left. Money of which nobody knows how much is gone counts as gone. */
const isExhausted = ({ used, limit, isUnknown }: Level): boolean => used >= limit || isUnknown === true;

/** The first limit that is used up, or null. */
export const exhaustedLevel = (run: StartedRun, nowMs: number): Level | null =>
  levelsOf(run, nowMs).find(isExhausted) ?? null;

/** Limits of which four fifths are used, and nobody was told. */
export const levelsToWarn = (run: StartedRun, nowMs: number): readonly Level[] =>
  levelsOf(run, nowMs).filter(({ kind, used, limit }) => used >= WARNING_SHARE * limit && !run.warned.includes(kind));

/**
 * Whether a task may be sent out, and what it may spend.
 * @param share what the workflow allows one task of the step
 */
export function admit(run: StartedRun, share: TaskBudget | undefined, nowMs: number): Admission {
  const exhausted = exhaustedLevel(run, nowMs);
  if (exhausted !== null) return { type: 'exhausted', ...exhausted };
  const granted: { usd?: number; tokens?: number } = {};
  for (const { kind, used, limit } of levelsOf(run, nowMs)) {
    if (kind === 'wallClock') continue;
    const reserved = reservedOf(run, kind);
    const free = limit - used - reserved;
    const wanted = share?.[kind] ?? defaultShare(kind, limit);
    if (free < wanted * NEARLY_ALL && reserved > 0) return { type: 'wait' };
    const most = Math.min(wanted, free);
    granted[kind] = kind === 'tokens' ? Math.floor(most) : most;
  }
  const own = { ...(share ?? {}), ...granted };
  return { type: 'admitted', budget: Object.keys(own).length === 0 ? null : own };
}

/** Binary fractions make the last quarter of ten cents fall short of a quarter. */
const NEARLY_ALL = 1 - 1e-9;

/** A quarter of three tokens is none, with which nothing can begin. */
const defaultShare = (kind: 'usd' | 'tokens', limit: number): number =>
  kind === 'tokens' ? Math.max(1, Math.floor(limit * DEFAULT_SHARE)) : limit * DEFAULT_SHARE;

const reservedOf = (run: StartedRun, kind: 'usd' | 'tokens'): number =>
  [...run.commands.values()].reduce((sum, { budget }) => sum + (budget?.[kind] ?? 0), 0);
