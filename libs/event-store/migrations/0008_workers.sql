-- Who works: what workers say of themselves, and what they have in work. Not the log: nothing is decided by it, and it may be
-- lost. Written by baton.announce_worker alone.
create table baton.worker (
  worker_id uuid primary key,
  kind text not null,
  description text not null,
  version text not null,
  host text not null,
  pid integer not null,
  concurrency integer not null,
  input_schema text,
  output_schema text,
  load integer not null,
  started_at timestamptz(3) not null,
  seen_at timestamptz(3) not null,
  stopped_at timestamptz(3)
);
create index worker_kind on baton.worker (kind, seen_at);

-- One row for each time that a worker took a task and had it for longer than a moment.
create table baton.task_work (
  worker_id uuid not null,
  ordinal integer not null,
  command_id text not null,
  run_id uuid not null,
  state text not null,
  kind text not null,
  dispatch_no integer not null,
  -- When its command was due to be sent out; null where that was closed before anybody told of the task.
  due_at timestamptz(3),
  begun_at timestamptz(3) not null,
  beat_at timestamptz(3),
  note text,
  ended_at timestamptz(3),
  -- Another delivery of the same task began while this one had not ended.
  is_lost boolean not null default false,
  primary key (worker_id, ordinal)
);
create index task_work_run on baton.task_work (run_id, begun_at);
create index task_work_command on baton.task_work (command_id) where ended_at is null;
create index task_work_ended on baton.task_work (ended_at) where ended_at is not null;

grant select on baton.worker, baton.task_work to baton_gateway, baton_hub;

-- The open tasks of a run are looked up by whoever looks at it.
create index command_run on baton.command (run_id);
