-- Messages that were in the hands of a process when it ended. Each is decided by itself, and leaves a row here for as long
-- as that takes: a row whose lane has another holder by now, or none, says that the process ended over that very message.
create table baton.suspect (
  key text not null,
  lane smallint not null,
  fence bigint not null,
  run_id uuid not null,
  since timestamptz not null default statement_timestamp(),
  -- It was put aside: its run stays parked, also when an orchestrator starts.
  is_guilty boolean not null default false,
  primary key (key, lane, fence)
);
create index suspect_guilty on baton.suspect (run_id) where is_guilty;
grant select, insert, update, delete on baton.suspect to baton_hub;
