import { database, type EventStoreTables } from '@baton/event-store';
import type { Kysely } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { Tables } from './tables.js';

/** The tables of webhooks, and those of the event store beside them. @param name as `database` says */
export const notifications = (connection: Pool | PoolClient, name?: string): Kysely<EventStoreTables & Tables> =>
  database<EventStoreTables & Tables>(connection, name);
