import type { CommandId, LimitPolicy, ModelLoadView } from '@baton/contracts';
import type { Pool } from 'pg';
import { readLimits } from './limits.js';
import { one, query } from './pool.js';

/** What is asked before a model is: which model, for which task, and what the call may use at most. */
export interface ModelTurnAsked {
  readonly callId: string;
  readonly model: string;
  readonly isOffline: boolean;
  readonly commandId: CommandId;
  readonly tokens: number;
}

export interface ModelTurn {
  /** Whether there is any limit: where there is none nothing was noted. */
  readonly isLimited: boolean;
  readonly mayBegin: boolean;
  /** When to ask again. */
  readonly waitMs: number;
}

/** Takes a turn, or a place in the line for it. The same call may ask as often as it likes. */
export async function modelTurn(pool: Pool, asked: ModelTurnAsked): Promise<ModelTurn> {
  const { callId, model, isOffline, commandId, tokens } = asked;
  const rows = await query<{ is_limited: boolean; may_begin: boolean; wait_ms: number }>(
    pool,
    'model-turn',
    'select is_limited, may_begin, wait_ms from baton.model_turn($1, $2, $3, $4, $5)',
    [callId, model, isOffline, commandId, Math.ceil(tokens)],
  );
  const { is_limited, may_begin, wait_ms } = one(rows, 'the turn of a call');
  return { isLimited: is_limited, mayBegin: may_begin, waitMs: wait_ms };
}

/** Whoever makes the call lives. */
export async function modelCallGoesOn(pool: Pool, callId: string): Promise<void> {
  await query(pool, 'model-call-goes-on', 'select from baton.model_call_goes_on($1)', [callId]);
}

/** @param tokens what it used; null where that is not known */
export async function endModelCall(pool: Pool, callId: string, tokens: number | null): Promise<void> {
  await query(pool, 'end-model-call', 'select from baton.end_model_call($1, $2)', [callId, tokens]);
}

interface LoadRow {
  readonly model: string;
  readonly is_offline: boolean;
  readonly under_way: number;
  readonly waiting: number;
  readonly requests: number;
  readonly tokens: number;
}

/** Every model that is limited and was asked lately, and all of them together where that is limited. */
export async function modelLoads(pool: Pool): Promise<readonly ModelLoadView[]> {
  const models = (await readLimits(pool)).policy?.models;
  if (models === undefined) return [];
  const rows = await query<LoadRow>(
    pool,
    'model-loads',
    `select c.model, c.is_offline,
            count(*) filter (where c.begun_at is not null and c.ended_at is null and c.lease_until >= clock_timestamp())::int as under_way,
            count(*) filter (where c.begun_at is null and c.lease_until >= clock_timestamp())::int as waiting,
            count(*) filter (where c.begun_at > clock_timestamp() - interval '60 seconds')::int as requests,
            coalesce(sum(c.tokens) filter (where c.begun_at > clock_timestamp() - interval '60 seconds'), 0)::float8 as tokens
       from baton.model_call c group by c.model, c.is_offline order by c.model`,
  );
  const each = rows.flatMap((row) => {
    const limit = models.named?.[row.model] ?? (row.is_offline ? undefined : models.each);
    return limit === undefined ? [] : [toView(row.model, [row], limit)];
  });
  const online = rows.filter(({ is_offline }) => !is_offline);
  return models.all === undefined ? each : [toView('all models', online, models.all), ...each];
}

type ModelLimit = NonNullable<NonNullable<LimitPolicy['models']>['all']>;

function toView(model: string, rows: readonly LoadRow[], limit: ModelLimit): ModelLoadView {
  const sum = (of: (row: LoadRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    model,
    underWay: sum((row) => row.under_way),
    waiting: sum((row) => row.waiting),
    requestsLastMinute: sum((row) => row.requests),
    tokensLastMinute: sum((row) => row.tokens),
    mostAtOnce: limit.atOnce ?? null,
    mostRequests: limit.requestsPerMinute ?? null,
    mostTokens: limit.tokensPerMinute ?? null,
  };
}
