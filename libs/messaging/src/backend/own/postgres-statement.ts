import type pg from 'pg';
import { tableOf } from './postgres-tables.js';

interface Answer<Row extends object> {
  readonly rows: Row[];
  readonly rowCount: number | null;
}
export interface Queryable {
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Answer<Row>>;
}

/** Counts end here: one that somebody else wrote must not make the next one fail. */
export const MOST = 2 ** 31 - 2;

/** Prepared under its name: what is asked for thousands of times a second is planned once a connection. */
export const statement = (
  queue: string,
  name: string,
  text: (table: string) => string,
  values: unknown[],
): pg.QueryConfig => {
  const table = tableOf(queue);
  return { name: `${name} ${table}`, text: text(table), values };
};
