-- Calls of models that are limited: those that wait for their turn, those under way, and those of the last minute.
-- See docs/adr/0066-models-are-asked-by-turns.md.
create table baton.model_call (
  call_id uuid primary key,
  model text not null,
  is_offline boolean not null,
  -- The order in which they came.
  turn bigint generated always as identity,
  command_id text not null,
  -- What it may use, or what it used.
  tokens bigint not null check (tokens >= 0),
  asked_at timestamptz(3) not null,
  begun_at timestamptz(3),
  -- Whether only the limit of all models together keeps it waiting: then nobody of another model overtakes it either.
  waits_for_all boolean not null default false,
  ended_at timestamptz(3),
  -- Until when whoever asks is taken to be alive.
  lease_until timestamptz(3) not null
);
create index model_call_line on baton.model_call (model, turn) where begun_at is null;
create index model_call_begun on baton.model_call (begun_at) where begun_at is not null;
create index model_call_lease on baton.model_call (lease_until);
-- Whoever counts has this row: one at a time, over all processes.
create table baton.model_count (
  only_row boolean primary key default true check (only_row)
);
insert into baton.model_count default values;
revoke all on baton.model_call, baton.model_count from public;
grant select on baton.model_call to baton_gateway;
