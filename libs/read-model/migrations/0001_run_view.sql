-- The runs as people see them, folded from the log. A cache: dropping every row and folding again gives the same rows.
create table baton.run_view (
  run_id uuid primary key,
  version int not null check (version > 0),
  status text not null,
  workflow text not null,
  labels jsonb not null,
  started_at timestamptz(3) not null,
  -- json, not jsonb, and a column each: a worker's error may hold \u0000, which jsonb refuses and every operator on
  -- json trips over. One such run must not stop the views of all others.
  view json not null,
  memory json not null
) with (fillfactor = 70);
create index run_view_newest on baton.run_view (started_at desc, run_id desc);
create index run_view_status on baton.run_view (status, started_at desc, run_id desc);
create index run_view_labels on baton.run_view using gin (labels jsonb_path_ops);

-- How far the log is folded. The lock on its row lets one projector at a time write.
create table baton.run_view_cursor (
  only_row bool primary key default true check (only_row),
  position bigint not null default 0 check (position >= 0)
) with (fillfactor = 10);
insert into baton.run_view_cursor default values;

-- Requests taken over HTTP: the run each one means, and a hash of what it asked for. A request id that comes again with
-- another hash is refused; what waits in the inbox is found by its run.
create table baton.accepted_request (
  request_id text primary key,
  run_id uuid not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  -- What a submission's run looks like until the hub begins it; null for requests to a run that exists.
  view json,
  accepted_at timestamptz(3) not null default clock_timestamp()
);

revoke all on baton.run_view, baton.run_view_cursor, baton.accepted_request from public;
grant select, insert, update, delete on baton.run_view to baton_gateway;
grant select, update on baton.run_view_cursor to baton_gateway;
grant select, insert on baton.accepted_request to baton_gateway;
