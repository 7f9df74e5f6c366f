-- One row a question to a person, folded from the log beside the views of runs and in the same transactions. A cache like them.
create table baton.approval_view (
  run_id uuid not null,
  approval_id text not null,
  workflow text not null,
  workflow_version text not null,
  state text not null,
  title text,
  asked_at timestamptz(3) not null,
  due_at timestamptz(3),
  sha256 text not null,
  -- From here on null while nobody has answered.
  position bigint,
  answered_at timestamptz(3),
  decision text,
  -- json, not jsonb: what a person wrote may hold \u0000.
  answer json,
  primary key (run_id, approval_id)
) with (fillfactor = 80);
create index approval_view_newest on baton.approval_view (position desc) where position is not null;

revoke all on baton.approval_view from public;
grant select, insert, update, delete on baton.approval_view to baton_gateway;

-- Questions are in the log from the beginning: everything is folded again.
truncate baton.run_view;
truncate baton.decision_view;
update baton.run_view_cursor set position = 0;
