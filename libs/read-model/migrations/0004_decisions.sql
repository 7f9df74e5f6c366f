-- One row a decision, folded from the log beside the views of runs and in the same transactions. A cache like them.
create table baton.decision_view (
  run_id uuid not null,
  decision_id text not null,
  workflow text not null,
  -- When somebody was asked; null where nobody was.
  asked_at timestamptz(3),
  -- From here on null while the decision waits for an answer.
  position bigint,
  version int,
  decided_at timestamptz(3),
  source text,
  classification text,
  action_type text,
  point_kind text,
  has_judges bool,
  -- The dimensions that the point had thresholds for.
  dimensions text[],
  -- json, not jsonb: what an advisor or a person wrote may hold \u0000.
  record json,
  -- What an advisor said in shadow, and what it cost.
  shadow json,
  primary key (run_id, decision_id)
) with (fillfactor = 80);
create index decision_view_newest on baton.decision_view (position desc) where position is not null;
create index decision_view_judged on baton.decision_view (position) where has_judges;

revoke all on baton.decision_view from public;
grant select, insert, update, delete on baton.decision_view to baton_gateway;

-- Decisions are in the log from the beginning: everything is folded again.
truncate baton.run_view;
update baton.run_view_cursor set position = 0;
