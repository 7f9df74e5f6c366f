import type { NotNull } from 'kysely';
import type { Pool } from 'pg';
import { readModel } from '../database.js';

/** Which decisions are looked at. */
export interface DecisionScope {
  readonly workflow?: string | undefined;
  /** RFC 3339: decided then or later. */
  readonly since?: string | undefined;
  /** Decided before. */
  readonly until?: string | undefined;
}

/** What a row has once its decision was made. */
export interface Decided {
  readonly position: NotNull;
  readonly version: NotNull;
  readonly decided_at: NotNull;
  readonly record: NotNull;
}

/** The decisions in a scope that were made; what is to be read of them, and which, is added to it. */
export function decided(pool: Pool, { workflow, since, until }: DecisionScope) {
  let query = readModel(pool).selectFrom('decision_view').where('position', 'is not', null);
  if (workflow !== undefined) query = query.where('workflow', '=', workflow);
  if (since !== undefined) query = query.where('decided_at', '>=', new Date(since));
  if (until !== undefined) query = query.where('decided_at', '<', new Date(until));
  return query;
}
