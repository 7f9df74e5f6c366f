import { INTAKE_QUEUE, MOST_URGENCY, POSTGRES_QUEUE_SCHEMA } from '@baton/contracts';

/*
 * A row for each message, in two tables that differ in one thing. `baton_lasting` is logged: what stands in it may stand nowhere else. `baton_passing` is not: it holds tasks and
 * results, which are asked for again after a crash of the server, from the table of commands and the journals of the workers.
 * So a message there costs no write of the log and waits for no disk.
 *
 * `due_at` is when a message may be taken: in the future for one that is delayed, and for one that is in work the end of its
 * lease. The index leads to the next ones of an urgency, whatever is in work or delayed. Since it holds `due_at`, no row is
 * ever changed in its place: room left in the pages would only make the table larger.
 *
 * A message is named by the id of its job. Its number is its place in the order alone: a crash of the server begins the numbers of
 * a table that is not logged from the beginning, and a process that outlives it may have a message in hand under one of them.
 */

export const LASTING = `${POSTGRES_QUEUE_SCHEMA}.baton_lasting`;
export const PASSING = `${POSTGRES_QUEUE_SCHEMA}.baton_passing`;

/** A request stands nowhere else, where a producer sent it straight to the queue. */
export const tableOf = (queue: string): string => (queue === INTAKE_QUEUE ? LASTING : PASSING);

/** What whoever sends a message says of it; the rest is told by whoever takes it. */
export const SENT_COLUMNS = 'queue, job_id, name, data, priority, due_at';
export const TAKEN_COLUMNS = 'due_at, holder, deliveries, failures, stalls';

/** What a login may put in: not what comes before all others for having waited since ever, nor what no message may have. */
export const MOST_DATA_BYTES = 4 * 1024 * 1024;
/** A word of NOTIFY has less than 8,000 bytes. What is longer waits, and is asked for. */
export const MOST_TOLD_BYTES = 7_900;
export const SENDABLE = `due_at >= now() - interval '1 minute' and octet_length(data) <= ${MOST_DATA_BYTES}`;

const columns = (name: string): string => `
  id bigint generated always as identity primary key,
  queue text collate "C" not null,
  job_id text collate "C" not null,
  name text not null,
  data text not null,
  priority smallint not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  holder uuid,
  deliveries integer not null default 0,
  failures integer not null default 0,
  stalls integer not null default 0,
  constraint ${name}_once unique (queue, job_id),
  constraint ${name}_rung check (priority between 0 and ${MOST_URGENCY})`;

/** Tables of a Baton from before: nothing takes a message of another urgency, and there were no rungs. */
const upToDate = (name: string, constraint: string, former: string): string => `
  do $$ begin
    if not exists (select from pg_constraint where conrelid = '${name}'::regclass and conname = '${constraint}') then
      delete from ${name} where priority not between 0 and ${MOST_URGENCY};
      alter table ${name} add constraint ${constraint} check (priority between 0 and ${MOST_URGENCY});
      alter table ${name} drop constraint if exists ${former};
      alter table ${name} reset (fillfactor);
    end if;
  end $$;`;

const table = (kind: 'table' | 'unlogged table', name: string): string => `
  create ${kind} if not exists ${POSTGRES_QUEUE_SCHEMA}.${name} (${columns(name)})
    with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
  ${upToDate(`${POSTGRES_QUEUE_SCHEMA}.${name}`, `${name}_rung`, `${name}_urgency`)}
  create index if not exists ${name}_next on ${POSTGRES_QUEUE_SCHEMA}.${name} (queue, priority, due_at, id);`;

/** How many messages were done: a row for what a process did in a second, for some minutes. */
export const DONE = `${POSTGRES_QUEUE_SCHEMA}.baton_done`;
const CREATE_DONE = `
  create unlogged table if not exists ${DONE} (
    queue text collate "C" not null,
    at timestamptz not null default clock_timestamp(),
    count integer not null check (count > 0));
  create index if not exists baton_done_newest on ${DONE} (queue, at);`;

/** To be run by the owner of the schema, with other callers locked out. */
export const CREATE_TABLES = `${table('table', 'baton_lasting')}${table('unlogged table', 'baton_passing')}${CREATE_DONE}`;

/** Fails where one of them is missing. */
export const HAS_TABLES = `select from ${LASTING}, ${PASSING}, ${DONE} limit 0`;

/** Rings when something is put into a queue. A channel of Postgres has at most 63 bytes. */
export const channelOf = (queue: string): string => `baton ${queue.length <= 57 ? queue : `#${queue.slice(-56)}`}`;
