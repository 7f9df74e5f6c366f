import { type RunView, storableText } from '@baton/contracts';
import type { EventStoreTables } from '@baton/event-store';
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { type Connection, readModel } from '../database.js';
import { storableLabels } from '../projection/fold-store.js';
import type { Tables } from '../tables.js';

/** The runs that somebody has to do with: what is said holds together; or those of any of several. */
export type RunScope = OneScope | { readonly anyOf: readonly OneScope[] };

interface OneScope {
  /** Of one of these workflows. */
  readonly workflows?: readonly string[] | undefined;
  /** With all of these labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Submitted by this actor, as `apikey:ci`. */
  readonly submittedBy?: string | undefined;
}

type Seen = Pick<RunView, 'workflow' | 'labels' | 'submittedBy'>;

export function isInScope(seen: Seen, scope: RunScope): boolean {
  if ('anyOf' in scope) return scope.anyOf.some((one) => isInScope(seen, one));
  const { workflow, labels, submittedBy } = seen;
  if (scope.workflows !== undefined && !scope.workflows.includes(workflow)) return false;
  if (scope.submittedBy !== undefined && scope.submittedBy !== `${submittedBy.type}:${submittedBy.id}`) return false;
  return Object.entries(scope.labels ?? {}).every(
    ([name, value]) => Object.hasOwn(labels, name) && labels[name] === value,
  );
}

/** The same of a row of the views. */
export function inScope(
  eb: ExpressionBuilder<EventStoreTables & Tables, 'run_view'>,
  scope: RunScope,
): Expression<SqlBool> {
  if ('anyOf' in scope) return eb.or(scope.anyOf.map((one) => inScope(eb, one)));
  const { workflows, labels, submittedBy } = scope;
  return eb.and([
    ...(workflows === undefined ? [] : [eb('workflow', 'in', [...workflows])]),
    ...(labels === undefined ? [] : [eb('labels', '@>', sql`${JSON.stringify(storableLabels(labels))}::jsonb`)]),
    ...(submittedBy === undefined ? [] : [eb('submitted_by', '=', storableText(submittedBy))]),
  ]);
}

/** Their ids, as the projection has them. */
export const runsInScope = (pool: Connection, scope: RunScope) =>
  readModel(pool)
    .selectFrom('run_view')
    .select('run_id')
    .where((eb) => inScope(eb, scope));
