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

/** What a transaction does to one table. Where it is as it should be that is nothing, and nobody is waited for. */
interface TableChange {
  readonly table: string;
  readonly sql: string;
}

const isThere = (table: string, constraint: string, and = 'true'): string =>
  `exists (select from pg_constraint where conrelid = '${table}'::regclass and conname = '${constraint}' and ${and})`;

/** Whether rungs may be put in, also where an older Baton prepared the queues once more. */
function takesRungs(name: string): string {
  const table = `${POSTGRES_QUEUE_SCHEMA}.${name}`;
  return `(${isThere(table, `${name}_rung`)} and not ${isThere(table, `${name}_urgency`)})`;
}

/** `create index if not exists` waits for whoever writes, also where there is nothing to do. */
const withIndex = (name: string, on: string): string => `
  do $$ begin
    if to_regclass('${POSTGRES_QUEUE_SCHEMA}.${name}') is null then create index ${name} on ${on}; end if;
  end $$;`;

/**
 * Tables of a Baton from before had no rungs. Nobody can do anything with a table while its constraints change, so no row is looked
 * at meanwhile: that comes in a transaction of its own, beside everybody.
 */
const upToDate = (table: string, constraint: string, former: string): string => `
  do $$ begin
    if not ${isThere(table, constraint)} then
      alter table ${table} add constraint ${constraint} check (priority between 0 and ${MOST_URGENCY}) not valid;
      alter table ${table} reset (fillfactor);
    end if;
    if ${isThere(table, former)} then alter table ${table} drop constraint ${former}; end if;
  end $$;`;

/** Nothing takes a message of another urgency. */
const withoutOthers = (table: string, constraint: string): string => `
  do $$ begin
    if ${isThere(table, constraint, 'not convalidated')} then
      delete from ${table} where priority not between 0 and ${MOST_URGENCY};
      alter table ${table} validate constraint ${constraint};
    end if;
  end $$;`;

function changesOf(kind: 'table' | 'unlogged table', name: string): readonly TableChange[] {
  const table = `${POSTGRES_QUEUE_SCHEMA}.${name}`;
  const first = `
  create ${kind} if not exists ${table} (${columns(name)})
    with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);
  ${upToDate(table, `${name}_rung`, `${name}_urgency`)}
  ${withIndex(`${name}_next`, `${table} (queue, priority, due_at, id)`)}`;
  return [
    { table, sql: first },
    { table, sql: withoutOthers(table, `${name}_rung`) },
  ];
}

/** How many messages were done: a row for what a process did in a second, for some minutes. */
export const DONE = `${POSTGRES_QUEUE_SCHEMA}.baton_done`;
const CREATE_DONE = `
  create unlogged table if not exists ${DONE} (
    queue text collate "C" not null,
    at timestamptz not null default clock_timestamp(),
    count integer not null check (count > 0));
  ${withIndex('baton_done_newest', `${DONE} (queue, at)`)}`;

/** To be run by the owner of the schema, one after the other, with other callers locked out. */
export const TABLE_CHANGES: readonly TableChange[] = [
  ...changesOf('table', 'baton_lasting'),
  ...changesOf('unlogged table', 'baton_passing'),
  { table: DONE, sql: CREATE_DONE },
];

/** Fails where one of them is missing. */
export const HAS_TABLES = `select from ${LASTING}, ${PASSING}, ${DONE} limit 0`;

/** Whether they are as the changes leave them. */
export const TAKE_RUNGS = `select ${takesRungs('baton_lasting')} and ${takesRungs('baton_passing')} as rungs`;

/** Rings when something is put into a queue. A channel of Postgres has at most 63 bytes. */
export const channelOf = (queue: string): string => `baton ${queue.length <= 57 ? queue : `#${queue.slice(-56)}`}`;
