import { BatonError, type UsageGroup, type UsageReport, usdOf } from '@baton/contracts';
import { inTransaction } from '@baton/event-store';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Pool } from 'pg';
import { type Connection, readModel } from '../database.js';
import { type RunScope, runsInScope } from './run-scope.js';

/** By what usage is added up. */
export type UsageBy = UsageReport['by'];

/** Which runs are looked at: by when they began. */
export interface UsageScope {
  readonly workflow?: string | undefined;
  /** RFC 3339: begun then or later, and begun before. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Those that whoever asks has to do with; all where it is null or absent. */
  readonly scope?: RunScope | null;
}

/** More than this many groups are in the total alone: of days it is more than a year. */
const MOST_GROUPS = 400;
const MOST_MS = 5_000;

/** It would take longer than anybody should wait, and than the database should work for one who does. */
export class TooMuchToAdd extends BatonError {
  constructor(cause: unknown) {
    super(`Adding this up takes more than ${MOST_MS / 1_000} s.`, {
      code: 'too-much-to-add',
      next: 'Ask for a shorter range, or for one workflow.',
      cause,
    });
  }
}

/** The database knows no time zone of this name. */
export class UnknownTimeZone extends BatonError {
  constructor(timeZone: string, cause: unknown) {
    super(`The database knows no time zone ${timeZone}.`, { code: 'unknown-time-zone', next: 'Take UTC.', cause });
  }
}

/**
 * What runs used, added up by the database from rows that the projection keeps narrow for it.
 *
 * @param timeZone in which a day is one, as `Europe/Vienna`
 * @throws TooMuchToAdd
 * @throws UnknownTimeZone
 */
export async function sumUsage(
  pool: Pool,
  by: UsageBy,
  asked: UsageScope,
  timeZone: string,
): Promise<Pick<UsageReport, 'groups' | 'total' | 'leftOff'>> {
  try {
    return await inTransaction(pool, async (client) => {
      await client.query(`set local statement_timeout = ${MOST_MS}`);
      // To compile such a statement takes longer than to run it.
      await client.query('set local jit = off');
      return by === 'agent' || by === 'model'
        ? await sumsOfAgents(client, by, asked)
        : await sumsOfRuns(client, by, asked, timeZone);
    });
  } catch (thrown) {
    if (codesOf(thrown).includes(CANCELLED)) throw new TooMuchToAdd(thrown);
    if (codesOf(thrown).includes(INVALID_PARAMETER)) throw new UnknownTimeZone(timeZone, thrown);
    throw thrown;
  }
}

const CANCELLED = '57014';
const INVALID_PARAMETER = '22023';

/** The codes of an error and of what caused it. */
function codesOf(thrown: unknown): readonly unknown[] {
  if (!(thrown instanceof Error)) return [];
  return [...('code' in thrown ? [thrown.code] : []), ...codesOf(thrown.cause)];
}

/** Rows with the sums of each group, and one for all of them together, which comes first. */
interface Summed {
  readonly is_total: boolean;
  readonly key: string | null;
  readonly groups: number;
  readonly runs: number;
  readonly tasks: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micro_usd: number;
  readonly unpriced: number;
}

interface SummedRuns extends Summed {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly decisions: number;
  readonly escalations: number;
  readonly spans_ms: readonly number[] | null;
}

const SUMS = sql`sum(tasks)::bigint as tasks, sum(input_tokens)::bigint as input_tokens,
  sum(output_tokens)::bigint as output_tokens, sum(cost_micro_usd)::bigint as cost_micro_usd, sum(unpriced)::bigint as unpriced`;

async function sumsOfRuns(client: Connection, by: 'workflow' | 'day', asked: UsageScope, timeZone: string) {
  const key = by === 'day' ? sql`(started_at at time zone ${timeZone}::text)::date` : sql`workflow`;
  const span = sql`greatest(0, extract(epoch from ended_at - started_at) * 1000)::float8`;
  const { rows } = await sql<SummedRuns>`
    select *, count(*) over () - 1 as groups from (
      select grouping(key) = 1 as is_total, key::text as key, count(*) as runs,
             count(*) filter (where status = 'succeeded') as succeeded, count(*) filter (where status = 'failed') as failed,
             count(*) filter (where status = 'cancelled') as cancelled,
             sum(decisions)::bigint as decisions, sum(escalations)::bigint as escalations,
             percentile_disc(array[0.5, 0.95]) within group (order by ${span}) filter (where ended_at is not null) as spans_ms,
             ${SUMS}
        from (select *, ${key} as key from baton.run_usage_view where ${within(client, asked)}) r
       group by grouping sets ((key), ())
    ) g order by is_total desc, ${by === 'day' ? sql`key desc` : sql`cost_micro_usd desc, runs desc, key`} limit ${MOST_GROUPS + 1}
  `.execute(readModel(client));
  const rounds = by === 'workflow' ? await roundsOf(client, asked) : new Map<string, Rounds>();
  return reportOf(rows, (row) => ({
    succeeded: row.succeeded,
    failed: row.failed,
    cancelled: row.cancelled,
    medianMs: row.spans_ms?.[0] ?? null,
    p95Ms: row.spans_ms?.[1] ?? null,
    decisions: row.decisions ?? 0,
    escalations: row.escalations ?? 0,
    rounds: row.is_total ? [] : [...(rounds.get(row.key ?? '') ?? [])],
  }));
}

/** A run counts once in each group that it has tasks in. */
async function sumsOfAgents(client: Connection, by: 'agent' | 'model', asked: UsageScope) {
  const { rows } = await sql<Summed>`
    select *, count(*) over () - 1 as groups from (
      select grouping(key) = 1 as is_total, nullif(key, '') as key, case when grouping(key) = 1 then 0 else count(*) end as runs,
             ${SUMS}
        from (select ${sql.ref(by)} as key, run_id, ${SUMS} from baton.agent_usage_view
               where ${within(client, asked)} group by 1, 2) r
       group by grouping sets ((key), ())
    ) g order by is_total desc, cost_micro_usd desc, tasks desc, key limit ${MOST_GROUPS + 1}
  `.execute(readModel(client));
  const total = await sql<{ runs: number }>`
    select count(*) as runs from baton.run_usage_view where tasks > 0 and ${within(client, asked)}
  `.execute(readModel(client));
  const report = reportOf(rows, () => null);
  return { ...report, total: { ...report.total, runs: total.rows[0]?.runs ?? 0 } };
}

type Rounds = NonNullable<UsageGroup['outcomes']>['rounds'];

/** Of each workflow, how often its phases were gone through. */
async function roundsOf(client: Connection, asked: UsageScope): Promise<ReadonlyMap<string, Rounds>> {
  const { rows } = await sql<{ workflow: string } & Rounds[number]>`
    select workflow, phase, count(*) as runs, avg(n::int)::float8 as mean, max(n::int) as most
      from baton.run_usage_view cross join jsonb_each_text(rounds) r(phase, n)
     where rounds is not null and ${within(client, asked)}
     group by workflow, phase order by workflow, mean desc, phase limit ${MOST_GROUPS}
  `.execute(readModel(client));
  const found = Map.groupBy(rows, ({ workflow }) => workflow);
  return new Map([...found].map(([name, phases]) => [name, phases.map(({ workflow: _, ...phase }) => phase)]));
}

/** Both tables have these columns. */
function within(client: Connection, { workflow, since, until, scope = null }: UsageScope): RawBuilder<SqlBool> {
  const all = [
    ...(since === undefined ? [] : [sql<SqlBool>`started_at >= ${since}::timestamptz`]),
    ...(until === undefined ? [] : [sql<SqlBool>`started_at < ${until}::timestamptz`]),
    ...(workflow === undefined ? [] : [sql<SqlBool>`workflow = ${workflow}`]),
    ...(scope === null ? [] : [sql<SqlBool>`run_id in (${runsInScope(client, scope)})`]),
  ];
  return all.length === 0 ? sql<SqlBool>`true` : sql.join(all, sql` and `);
}

function reportOf<Row extends Summed>(rows: readonly Row[], outcomesOf: (row: Row) => UsageGroup['outcomes']) {
  const toGroup = (row: Row): UsageGroup => ({
    key: row.key,
    runs: row.runs,
    tasks: row.tasks ?? 0,
    inputTokens: row.input_tokens ?? 0,
    outputTokens: row.output_tokens ?? 0,
    // A part of the cost is not the cost.
    costUsd: row.unpriced > 0 ? null : usdOf(row.cost_micro_usd ?? 0),
    knownCostUsd: usdOf(row.cost_micro_usd ?? 0),
    unpriced: row.unpriced ?? 0,
    outcomes: outcomesOf(row),
  });
  const [total, ...groups] = rows.map(toGroup);
  if (total === undefined) throw new Error('grouping sets give a row for the whole, also of nothing');
  return { groups, total, leftOff: Math.max(0, (rows[0]?.groups ?? 0) - groups.length) };
}
