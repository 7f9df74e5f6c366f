import { BatonError, type DecisionView, Json, type RunId } from '@baton/contracts';
import { DecisionRecord } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { type Decided, decided } from './decided.js';
import { type RunScope, runsInScope } from './run-scope.js';

export interface DecisionFilter {
  readonly runId?: RunId | undefined;
  readonly workflow?: string | undefined;
  readonly source?: DecisionRecord['source'] | undefined;
  readonly classification?: DecisionRecord['classification'] | undefined;
  readonly actionType?: DecisionRecord['actionType'] | undefined;
  readonly pointKind?: DecisionRecord['point']['kind'] | undefined;
  /** RFC 3339: decided then or later. */
  readonly since?: string | undefined;
  /** Decided before. */
  readonly until?: string | undefined;
  /** Of runs that whoever asks has to do with. */
  readonly scope?: RunScope | null;
}

export interface DecisionPage {
  readonly decisions: readonly DecisionView[];
  /** Where the next page begins; null on the last one. Opaque to clients. */
  readonly next: string | null;
}

const Shadow = z.object({
  output: Json.optional(),
  problem: z.string().optional(),
  costUsd: z.number().nullable(),
  at: z.iso.datetime(),
});

/**
 * Decisions, newest first by their place in the log.
 *
 * @param limit at least 1
 * @param cursor `next` of the page before
 * @throws BatonError `invalid-cursor`
 */
export async function listDecisions(
  pool: Pool,
  filter: DecisionFilter,
  limit: number,
  cursor?: string,
): Promise<DecisionPage> {
  const before = cursor === undefined ? null : parseCursor(cursor);
  let query = decided(pool, filter);
  if (before !== null) query = query.where('position', '<', before);
  if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
  if (filter.scope != null) query = query.where('run_id', 'in', runsInScope(pool, filter.scope));
  if (filter.source !== undefined) query = query.where('source', '=', filter.source);
  if (filter.classification !== undefined) query = query.where('classification', '=', filter.classification);
  if (filter.actionType !== undefined) query = query.where('action_type', '=', filter.actionType);
  if (filter.pointKind !== undefined) query = query.where('point_kind', '=', filter.pointKind);
  const rows = await query
    .select(['run_id', 'workflow', 'position', 'version', 'asked_at', 'decided_at', 'record', 'shadow'])
    .orderBy('position', 'desc')
    .limit(limit + 1)
    .$narrowType<Decided>()
    .execute();
  const found = rows.slice(0, limit);
  const last = found.at(-1);
  return {
    decisions: found.map(toView),
    next: rows.length > limit && last !== undefined ? toCursor(last.position) : null,
  };
}

interface Row {
  readonly run_id: string;
  readonly workflow: string;
  readonly asked_at: Date | null;
  readonly version: number;
  readonly decided_at: Date;
  readonly record: string;
  readonly shadow: string | null;
}

function toView({ run_id, workflow, version, asked_at, decided_at, ...row }: Row): DecisionView {
  const record = DecisionRecord.parse(JSON.parse(row.record));
  const { decisionId, point, classification, source, actionType, target, confidence, rationale } = record;
  const waitedMs = asked_at === null ? 0 : decided_at.getTime() - asked_at.getTime();
  return {
    decisionId,
    runId: run_id,
    workflow,
    version,
    decidedAt: decided_at.toISOString(),
    ...{ point, classification, reasons: record.reasons, source, actionType, target, confidence, rationale },
    phase: record.phase,
    round: record.round,
    recoveryStrategy: record.recoveryStrategy,
    programmaticAlternative: record.programmaticAlternative,
    conflictReason: record.conflictReason,
    adviceRejected: record.adviceRejected,
    shadow: row.shadow === null ? null : adviceOf(row.shadow),
    latencyMs: record.latencyMs + waitedMs,
    costUsd: record.costUsd,
  };
}

/** What an advisor would have said; anything may stand there, since nobody acted on it. */
export function adviceOf(shadow: string): NonNullable<DecisionView['shadow']> {
  const { output, problem, costUsd } = Shadow.parse(JSON.parse(shadow));
  const advice = z.object({ move: z.string(), confidence: z.number().nullable().catch(null) }).safeParse(output);
  if (advice.success) return { ...advice.data, problem: null, costUsd };
  return { move: null, confidence: null, problem: problem ?? 'the advice does not have the shape of advice', costUsd };
}

const toCursor = (position: number): string => Buffer.from(JSON.stringify({ position })).toString('base64url');

function parseCursor(cursor: string): number {
  try {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return z.object({ position: z.int().positive() }).parse(place).position;
  } catch (cause) {
    throw new BatonError('The cursor is not one that a list of decisions gave.', {
      code: 'invalid-cursor',
      next: 'Take the cursor from `next` of the page before, or leave it out to begin with the newest decision.',
      cause,
    });
  }
}
