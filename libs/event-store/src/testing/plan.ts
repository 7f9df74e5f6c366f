import type { Pool, QueryConfig } from 'pg';

/**
 * How Postgres carries out the statements of a piece of work, as EXPLAIN writes it. Ask for it with so many rows that
 * nobody would choose a plan without an index.
 */
export async function planOf(pool: Pool, work: (pool: Pool) => Promise<unknown>): Promise<string> {
  const plans: string[] = [];
  const query = async ({ text, values }: QueryConfig) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
    plans.push(...rows.map((row) => row['QUERY PLAN']));
    return pool.query(text, values);
  };
  await work(Object.assign(Object.create(pool), { query }));
  return plans.join('\n');
}
