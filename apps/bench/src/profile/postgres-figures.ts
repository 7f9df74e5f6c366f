import type { Pool } from 'pg';
import { z } from 'zod';
import { cpuOfFamily } from './process-times.js';

/** Settings of a server that counts its statements, those within functions, too. */
export const STATEMENT_SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.max': 5_000,
} as const;

const Counters = z.object({
  transactions: z.coerce.number(),
  rollbacks: z.coerce.number(),
  inserted: z.coerce.number(),
  updated: z.coerce.number(),
  deleted: z.coerce.number(),
  walBytes: z.coerce.number(),
  walRecords: z.coerce.number(),
  walPageImages: z.coerce.number(),
  walWrites: z.coerce.number(),
  walSyncs: z.coerce.number(),
});
type Counters = z.infer<typeof Counters>;

/**
 * WAL by its end in the log, which is exact; the others as the backends last told: a second ago, and ten where one only
 * listens. Each notification wakes every connection that listens to any channel, for a transaction of its own.
 */
const COUNTERS = `
  select d.xact_commit as transactions, d.xact_rollback as rollbacks, d.tup_inserted as inserted, d.tup_updated as updated,
         d.tup_deleted as deleted, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as "walBytes",
         w.wal_records as "walRecords", w.wal_fpi as "walPageImages",
         (select sum(writes) from pg_stat_io where object = 'wal') as "walWrites",
         (select sum(fsyncs) from pg_stat_io where object = 'wal') as "walSyncs"
    from pg_stat_database d, pg_stat_wal w where d.datname = current_database()`;

const Statement = z.object({
  text: z.string(),
  isTopLevel: z.boolean(),
  calls: z.coerce.number(),
  ms: z.coerce.number(),
  rows: z.coerce.number(),
  walBytes: z.coerce.number(),
});
export type Statement = z.infer<typeof Statement>;

const STATEMENTS = `
  select query as text, toplevel as "isTopLevel", sum(calls) as calls, sum(total_exec_time) as ms, sum(rows) as rows,
         sum(wal_bytes) as "walBytes"
    from pg_stat_statements
   where dbid = (select oid from pg_database where datname = current_database())
   group by 1, 2 order by ms desc`;

const WHO = `select pid, coalesce(nullif(application_name, ''), backend_type) as who from pg_stat_activity`;
const Who = z.object({ pid: z.int(), who: z.string() });

/** Of those who asked the server while it was measured, in milliseconds. */
type CpuByAsker = ReadonlyMap<string, number>;

export interface PostgresFigures {
  readonly counters: Counters;
  readonly statements: readonly Statement[];
  /** Null where there is no /proc. */
  readonly cpuMs: CpuByAsker | null;
}

export interface PostgresWatch {
  readonly stop: () => Promise<PostgresFigures>;
}

/**
 * Counts from now on what the database of the pool is asked, and what its server computes.
 * @param pool of its owner, who may reset statistics
 */
export async function watchPostgres(pool: Pool, postmasterPid: number): Promise<PostgresWatch> {
  await pool.query('create extension if not exists pg_stat_statements');
  const before = await countersOf(pool);
  const cpuBefore = await cpuOfFamily(postmasterPid);
  await pool.query(
    'select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)',
  );
  return {
    async stop() {
      const statements = z.array(Statement).parse((await pool.query(STATEMENTS)).rows);
      const cpuMs = await cpuByAsker(pool, postmasterPid, cpuBefore);
      const after = await countersOf(pool);
      return { counters: difference(before, after), statements: statements.filter(({ ms }) => ms > 0), cpuMs };
    },
  };
}

const countersOf = async (pool: Pool): Promise<Counters> => Counters.parse((await pool.query(COUNTERS)).rows[0]);

function difference(before: Counters, after: Counters): Counters {
  const names = Counters.keyof().options;
  return Counters.parse(Object.fromEntries(names.map((name) => [name, after[name] - before[name]])));
}

async function cpuByAsker(
  pool: Pool,
  postmasterPid: number,
  before: ReadonlyMap<number, number>,
): Promise<CpuByAsker | null> {
  const after = await cpuOfFamily(postmasterPid);
  if (after.size === 0) return null;
  const askers = new Map(
    z
      .array(Who)
      .parse((await pool.query(WHO)).rows)
      .map(({ pid, who }) => [pid, who]),
  );
  const sums = new Map<string, number>();
  for (const [pid, cpuMs] of after) {
    const who = askers.get(pid) ?? (pid === postmasterPid ? 'those that ended' : 'io and others');
    sums.set(who, (sums.get(who) ?? 0) + cpuMs - (before.get(pid) ?? 0));
  }
  return sums;
}
