import { POSTGRES_QUEUE_SCHEMA } from '@baton/contracts';
import { PASSING } from './own/postgres-tables.js';

/*
 * The epoch on Postgres is true only beside its mark, which a crash of the server takes away with all else that stands in the
 * unlogged table. A rebuild sets the mark when it begins and is finished only where that still stands: a crash in between
 * took what it had sent.
 */

const EPOCH = `${POSTGRES_QUEUE_SCHEMA}.baton_epoch`;
export const MARK_QUEUE = ' epoch';
const IS_MARKED = `exists (select from ${PASSING} where queue = '${MARK_QUEUE}')`;

export const CREATE_EPOCH = `create table if not exists ${EPOCH} (
  only_row boolean primary key default true check (only_row),
  value text not null
)`;
export const READ_EPOCH = `select value from ${EPOCH} where ${IS_MARKED}`;
/** $1: the value. */
export const WRITE_EPOCH = `with mark as (
    insert into ${PASSING} (queue, job_id, name, data, due_at) values ('${MARK_QUEUE}', 'mark', 'mark', '{}', 'infinity')
    on conflict (queue, job_id) do nothing)
  insert into ${EPOCH} (value) values ($1) on conflict (only_row) do update set value = excluded.value`;
/** $1: what must stand there, $2: what shall. */
export const REPLACE_EPOCH = `update ${EPOCH} set value = $2 where value = $1 and ${IS_MARKED}`;
