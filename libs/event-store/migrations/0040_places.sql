-- How much may be under way at once, and what waits for its place. See docs/adr/0065-a-run-that-may-not-begin-waits-before-its-log.md.

-- What the owner says, checked before it comes here; null: there are no limits.
create table baton.limits (
  only_row boolean primary key default true check (only_row),
  -- Goes up with each change.
  number bigint not null default 0,
  policy json,
  changed_at timestamptz(3) not null default clock_timestamp()
);
insert into baton.limits default values;

-- Whether any of them is a cap on runs: beside what every append reads in any case, so that without caps nothing is asked.
alter table baton.log add column has_caps boolean not null default false;

-- Runs that are under way, but for those that another run asked for: kept where there are caps. A row comes with the event that
-- begins its run, or has it go on after its end, and goes with the one that ends it.
create table baton.place (
  run_id uuid primary key,
  submitter text not null,
  workflow text not null,
  labels json not null
);
create index place_submitter on baton.place (submitter);

-- What each of them takes of which cap.
create table baton.place_key (
  key text not null,
  run_id uuid not null references baton.place on delete cascade,
  primary key (key, run_id)
);
create index place_key_run on baton.place_key (run_id);

-- Accepted requests whose run waits for a place. The request itself stands in the inbox.
create table baton.waiting_run (
  request_id text primary key,
  run_id uuid not null,
  submitter text not null,
  workflow text not null,
  labels json not null,
  -- 0 is most urgent.
  priority smallint not null,
  -- The caps that it stands before, and how much each allows.
  keys text[] not null,
  most int[] not null,
  -- A hash of both, and of who submitted it: those of one line stand before the same. In it the most urgent is first, then who has waited longest.
  line text not null,
  since timestamptz not null default clock_timestamp(),
  -- How often it was taken up: whoever did so last may have ended over it.
  tries int not null default 0,
  -- How it is shown where no gateway accepted it.
  view json
);
create index waiting_run_line on baton.waiting_run (line, priority, since, request_id);
create index waiting_run_run on baton.waiting_run (run_id);

-- A request that a hub put here for whoever sent it straight to the queue: it is believed no more than it was there.
alter table baton.inbox add column is_vouched boolean not null default true;

revoke all on baton.limits, baton.place, baton.place_key, baton.waiting_run from public;
grant select on baton.limits, baton.place, baton.place_key to baton_hub, baton_gateway;
grant select, update (tries), delete on baton.waiting_run to baton_hub;
grant select on baton.waiting_run to baton_gateway;
