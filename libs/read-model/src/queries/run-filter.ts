import { type DecisionMode, microUsdOf, type RunStatus, type RunSummary } from '@baton/contracts';
import type { EventStoreTables } from '@baton/event-store';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { digitsOf, storableLabels } from '../projection/fold-store.js';
import { hasWords, wordsQuery } from '../run-view/words-of.js';
import type { Tables } from '../tables.js';
import type { Answering } from './answerable.js';
import { inScope, isInScope, type RunScope } from './run-scope.js';

/** What is said holds together. Times are RFC 3339; `After` includes its time, `Before` does not. */
export interface RunFilter {
  readonly status?: RunStatus | undefined;
  /** The name, without a version. */
  readonly workflow?: string | undefined;
  /** Who is heard at its decision points. */
  readonly mode?: DecisionMode | undefined;
  /** A run must have all of them. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Beginnings of words of its title, labels, workflow, submitter or id: a run must have all of them. */
  readonly text?: string | undefined;
  readonly startedAfter?: string | undefined;
  readonly startedBefore?: string | undefined;
  /** A run that has not ended fits neither. */
  readonly endedAfter?: string | undefined;
  readonly endedBefore?: string | undefined;
  /** In dollars. Of a run whose cost is unknown nobody can say it. */
  readonly minCostUsd?: number | undefined;
  /** `approval`: those in which a person is asked. */
  readonly waitingFor?: 'approval' | undefined;
  /** With `waitingFor`: those alone whose answer may come from here, and has not come; none where it is null. */
  readonly answering?: Answering | null | undefined;
  /** Those that whoever asks has to do with; all where it is null or absent. */
  readonly scope?: RunScope | null | undefined;
}

/** Below so many digits costs are in no index: most runs cost less than a cent. */
const DIGITS_IN_INDEX = 5;

/**
 * Whether a row of the views fits.
 *
 * @param hits the runs that have the words of the text; null where these are many
 */
export function fitsRow(
  eb: ExpressionBuilder<EventStoreTables & Tables, 'run_view'>,
  filter: RunFilter,
  hits: readonly string[] | null,
): Expression<SqlBool> {
  const { status, workflow, mode, labels, text, waitingFor, scope } = filter;
  return eb.and([
    ...(status === undefined ? [] : [eb('status', '=', status)]),
    ...(workflow === undefined ? [] : [eb('workflow', '=', workflow)]),
    ...(mode === undefined ? [] : [eb('decision_mode', '=', mode)]),
    ...(labels === undefined ? [] : [eb('labels', '@>', sql`${JSON.stringify(storableLabels(labels))}::jsonb`)]),
    ...(text === undefined ? [] : [wordsOfRow(text, hits)]),
    ...timesOfRow(eb, filter),
    ...(filter.minCostUsd === undefined ? [] : [costOfRow(eb, microUsdOf(filter.minCostUsd, 'up'))]),
    ...(waitingFor === undefined ? [] : [sql<SqlBool>`is_person_asked`]),
    ...(scope == null ? [] : [inScope(eb, scope)]),
  ]);
}

/**
 * Where they are many no index is of use, and the planner must not believe that few fit: it takes half of the rows to fit a CASE,
 * and walks down from the newest.
 */
const wordsOfRow = (text: string, hits: readonly string[] | null): Expression<SqlBool> =>
  hits === null
    ? sql<SqlBool>`case when words @@ ${wordsQuery(text)}::tsquery then true else false end`
    : sql<SqlBool>`run_id = any(${hits}::uuid[])`;

function timesOfRow(
  eb: ExpressionBuilder<EventStoreTables & Tables, 'run_view'>,
  { startedAfter, startedBefore, endedAfter, endedBefore }: RunFilter,
): readonly Expression<SqlBool>[] {
  return [
    ...(startedAfter === undefined ? [] : [eb('started_at', '>=', new Date(startedAfter))]),
    ...(startedBefore === undefined ? [] : [eb('started_at', '<', new Date(startedBefore))]),
    ...(endedAfter === undefined ? [] : [eb('ended_at', '>=', new Date(endedAfter))]),
    ...(endedBefore === undefined ? [] : [eb('ended_at', '<', new Date(endedBefore))]),
  ];
}

/** By the index, roughly; and then exactly. */
function costOfRow(eb: ExpressionBuilder<EventStoreTables & Tables, 'run_view'>, least: number): Expression<SqlBool> {
  const digits = digitsOf(least);
  const exactly = eb('cost_micro_usd', '>=', least);
  return digits < DIGITS_IN_INDEX
    ? exactly
    : eb.and([eb('cost_digits', '>=', sql<number>`${sql.lit(digits)}`), exactly]);
}

/** Whether no run fits that only waits to begin: it has not ended, cost nothing, and asks nobody. */
export const isOnlyOfBegun = ({ status, endedAfter, endedBefore, minCostUsd = 0, waitingFor }: RunFilter): boolean =>
  (status !== undefined && status !== 'accepted') ||
  endedAfter !== undefined ||
  endedBefore !== undefined ||
  waitingFor !== undefined ||
  minCostUsd > 0;

/** The same of one that only waits to begin, whose view is at hand. */
export function fits(view: RunSummary, filter: RunFilter): boolean {
  const { workflow, mode, labels, text, startedAfter, startedBefore, scope = null } = filter;
  if (scope !== null && !isInScope(view, scope)) return false;
  if (mode !== undefined && view.decisions.mode !== mode) return false;
  if (workflow !== undefined && view.workflow !== workflow) return false;
  if (text !== undefined && !hasWords(view, text)) return false;
  const startedAt = Date.parse(view.startedAt);
  if (startedAfter !== undefined && startedAt < Date.parse(startedAfter)) return false;
  if (startedBefore !== undefined && startedAt >= Date.parse(startedBefore)) return false;
  return Object.entries(labels ?? {}).every(
    ([name, value]) => Object.hasOwn(view.labels, name) && view.labels[name] === value,
  );
}
