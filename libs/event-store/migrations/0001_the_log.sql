-- The event store of Baton. Postgres 15 or newer. Runs as the owner of the schema; services work under the roles below.
create schema if not exists baton;

do $$ begin
  if not exists (select from pg_roles where rolname = 'baton_hub') then create role baton_hub nologin; end if;
  if not exists (select from pg_roles where rolname = 'baton_gateway') then create role baton_gateway nologin; end if;
  if not exists (select from pg_roles where rolname = 'baton_worker') then create role baton_worker nologin; end if;
exception when duplicate_object or unique_violation then null; -- roles belong to the server: another database's migration made them
end $$;
do $$ begin
  grant baton_hub, baton_gateway, baton_worker to current_user;
exception when insufficient_privilege then null; -- an administrator made the roles; SET ROLE tells whether they were granted, too
end $$;

-- The sequencer. Its row lock is held until the commit, so positions and command numbers have no gaps and become
-- visible in their own order: a reader that has seen position n will never find a new one below n.
create table baton.log (
  only_row bool primary key default true check (only_row),
  head bigint not null default 0,
  command_seq bigint not null default 0,
  -- Partitions hold this many positions. Set once, before the first event; small in tests.
  partition_size bigint not null default 16777216 check (partition_size > 0)
) with (fillfactor = 10);
insert into baton.log default values;

-- The right to append, one lane per orchestrator process. The fence goes up with each claim: who holds an old one is refused.
create table baton.lane (
  lane smallint primary key,
  owner text,
  fence bigint not null default 0,
  lease_until timestamptz not null default '-infinity',
  dispatched_seq bigint not null default 0
) with (fillfactor = 10);
insert into baton.lane (lane) select generate_series(0, 15);

-- One stream a run. status: 0 open, 1 ended, 2 parked (a message of it could not be decided; its commands are not sent again).
create table baton.stream (
  run_id uuid primary key,
  version int not null check (version >= 0),
  status smallint not null default 0,
  first_position bigint not null,
  last_position bigint not null,
  created_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);

-- `json`, not `jsonb`: the exact bytes that were hashed stay.
create table baton.event (
  position bigint not null primary key,
  run_id uuid not null,
  version int not null,
  type text not null,
  schema_version smallint not null,
  event_id uuid not null,
  causation_id text,
  correlation_id text,
  recorded_at timestamptz(3) not null,
  actor json not null,
  data json not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
) partition by range (position);

create function baton.forbid() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is forbidden: the log is append-only', tg_op, tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

-- A TRUNCATE trigger of the parent does not fire when a partition is truncated by name, so each partition has its own.
-- The table is made by itself and attached: CREATE TABLE … PARTITION OF would lock the whole log against readers, and an
-- append that has to make a partition would wait for a backup to end.
create function baton.ensure_partition(p_position bigint) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_size bigint := (select partition_size from baton.log);
  v_number bigint := p_position / v_size;
  v_name text := 'event_' || lpad(v_number::text, 6, '0');
begin
  if to_regclass('baton.' || v_name) is not null then return; end if;
  execute format('create table baton.%I (like baton.event including constraints)', v_name);
  execute format('create unique index on baton.%I (run_id, version)', v_name);
  execute format('create trigger no_truncate before truncate on baton.%I for each statement execute function baton.forbid()', v_name);
  execute format('alter table baton.event attach partition baton.%I for values from (%s) to (%s)',
                 v_name, v_number * v_size, (v_number + 1) * v_size);
end $$;

create trigger no_change before update or delete on baton.event for each row execute function baton.forbid();
create trigger no_truncate before truncate on baton.event for each statement execute function baton.forbid();
select baton.ensure_partition(1);

-- A row is the outbox entry, the record of work in flight and the inbox token of a command at once. It comes with the
-- events that issue it and goes with the events that settle it. queue is null for a timer.
create table baton.command (
  seq bigint not null,
  command_id text primary key,
  lane smallint not null,
  run_id uuid not null,
  queue text,
  name text not null,
  message json not null,
  priority smallint not null,
  not_before timestamptz(3),
  deadline timestamptz(3),
  dispatch_no int not null default 0,
  created_at timestamptz(3) not null default clock_timestamp(),
  unique (lane, seq)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index command_deadline on baton.command (deadline) where deadline is not null;
create index command_seq on baton.command (seq);

-- Requests from outside that have had their effect.
create table baton.request (
  request_id text primary key,
  run_id uuid not null,
  at timestamptz not null default clock_timestamp()
);

-- Requests that were accepted and have not had their effect yet.
create table baton.inbox (
  request_id text primary key,
  name text not null,
  message json not null,
  accepted_at timestamptz not null default clock_timestamp()
);
create index inbox_accepted_at on baton.inbox (accepted_at);

create table baton.dead_letter (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  source text not null,
  name text not null,
  reason text not null,
  message text not null,
  request_id text,
  run_id text,
  command_id text
);

create table baton.blob (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  size int not null check (size > 0),
  content bytea not null,
  at timestamptz not null default clock_timestamp()
);
alter table baton.blob alter column content set storage external;

-- Model responses, by command and number of the call within it. The first one written counts.
create table baton.llm_journal (
  command_id text not null,
  call_index int not null check (call_index >= 0),
  response json not null,
  at timestamptz not null default clock_timestamp(),
  primary key (command_id, call_index)
);
