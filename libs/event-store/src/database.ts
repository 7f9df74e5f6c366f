import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { asDatabaseError } from './database-errors.js';
import { preparedAs } from './pool.js';

/**
 * Queries put together by kysely, over connections that `createPool` made: their settings and type parsers hold, and a
 * failure of the database is named as `query` names it. Names of tables stand for those of schema `baton`.
 *
 * @param connection a pool, or the client of a transaction (`inTransaction`; kysely's own transactions are not there)
 * @param name gives the statement a name, so that each connection plans it once: only where its text is always the same.
 *   A query with filters that come and go stays without one, and is planned for the values it has.
 */
export function database<Tables>(connection: Pool | PoolClient, name?: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new GivenConnection(connection, name),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }).withSchema('baton');
}

/** Runs each query on what it was given; opening, closing and transactions are the business of whoever made that. */
class GivenConnection implements Driver, DatabaseConnection {
  constructor(
    private readonly connection: Pool | PoolClient,
    private readonly name: string | undefined,
  ) {}

  async executeQuery<Row>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { connection, name } = this;
    try {
      const { rows, rowCount } = await connection.query({
        ...preparedAs(connection, name),
        text,
        values: [...parameters],
      });
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (thrown) {
      throw asDatabaseError(thrown, connection);
    }
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this;
  }

  async beginTransaction(): Promise<void> {
    throw new Error('A transaction is begun with inTransaction.');
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  // biome-ignore lint/correctness/useYield: there are no cursors here, and the interface wants a stream.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('A long result is read page by page.');
  }

  async init(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
