-- Schedules, and what became of their due times. They are here and in no queue: what a queue loses it may lose.
create table baton.schedule (
  schedule_id uuid primary key default gen_random_uuid(),
  name text not null unique,
  -- Moves with each change that somebody makes.
  version int not null default 1 check (version > 0),
  status text not null default 'active' check (status in ('active', 'paused', 'ended')),
  timing json not null,
  -- What runs are submitted with.
  run json not null,
  overlap text not null check (overlap in ('allow', 'skip', 'queue')),
  catch_up json not null,
  jitter_seconds int not null default 0 check (jitter_seconds >= 0),
  ends_at timestamptz(3),
  -- What intervals are counted from.
  made_at timestamptz(3) not null,
  -- The due times up to here are decided.
  decided_to timestamptz(3) not null,
  -- When somebody has to look at it next, with its jitter; null: never.
  wake_at timestamptz(3),
  -- One of its due times waits for its last run.
  has_queued bool not null default false,
  -- Nobody is shown it: who knew the request id of a run that is to come could take its place.
  key uuid not null default gen_random_uuid(),
  created_by json not null
);
create index schedule_wake_at on baton.schedule (wake_at) where status = 'active';
create index schedule_queued on baton.schedule (schedule_id) where has_queued;

-- A due time has one row, whoever decides it: that it is started once rests on this key.
create table baton.schedule_firing (
  schedule_id uuid not null references baton.schedule on delete cascade,
  due_at timestamptz(3) not null,
  is_manual bool not null default false,
  -- The last due time that the row stands for, and how many they are: those that were missed together.
  until_at timestamptz(3) not null,
  count int not null default 1 check (count > 0),
  outcome text not null check (outcome in ('started', 'queued', 'overlapped', 'missed')),
  request_id text,
  run_id uuid,
  at timestamptz(3) not null default clock_timestamp(),
  primary key (schedule_id, due_at, is_manual),
  check ((outcome = 'started') = (run_id is not null and request_id is not null))
);

revoke all on baton.schedule, baton.schedule_firing from public;
grant select on baton.schedule, baton.schedule_firing to baton_hub;
grant select, insert, update (version, status, decided_to, wake_at), delete on baton.schedule to baton_gateway;
grant select, insert on baton.schedule_firing to baton_gateway;
