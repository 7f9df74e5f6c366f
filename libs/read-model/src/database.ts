import { database, type EventStoreTables } from '@baton/event-store';
import type { Kysely } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Tables } from './tables.js';

/** A pool, or the client of a transaction. */
export type Connection = Pool | PoolClient;

/** The tables of the read model, and those of the event store beside them. @param name as `database` says */
export const readModel = (connection: Connection, name?: string): Kysely<EventStoreTables & Tables> =>
  database<EventStoreTables & Tables>(connection, name);
