-- What runs used, and how they came out, in rows so narrow that a hundred thousand are added up while somebody waits: a view is a
-- hundred times as wide. A run's own usage alone: what a child used is in the row of the child. Written where an event says
-- something of it, and not with every event.
create table baton.run_usage_view (
  run_id uuid primary key,
  workflow text not null,
  status text not null,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  tasks int not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  -- Of the tasks whose price is known, and how many there are of which it is not.
  cost_micro_usd bigint not null,
  unpriced int not null,
  decisions int not null,
  -- Decisions that went to a person.
  escalations int not null,
  -- Phase → how often it was gone through; null where there is none.
  rounds jsonb
) with (fillfactor = 80);
create index run_usage_view_started on baton.run_usage_view (started_at);

-- The same by who did it: the kind of worker, and the model that it named.
create table baton.agent_usage_view (
  run_id uuid not null,
  agent text not null,
  -- Empty where none is named.
  model text not null,
  workflow text not null,
  started_at timestamptz(3) not null,
  tasks int not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost_micro_usd bigint not null,
  unpriced int not null,
  primary key (run_id, agent, model)
) with (fillfactor = 80);
create index agent_usage_view_started on baton.agent_usage_view (started_at);

revoke all on baton.run_usage_view, baton.agent_usage_view from public;
grant select, insert, update, delete on baton.run_usage_view, baton.agent_usage_view to baton_gateway;

-- Who may answer a question that is open, and who has: everything is folded again.
truncate baton.run_view;
truncate baton.decision_view;
truncate baton.approval_view;
update baton.run_view_cursor set position = 0;
alter table baton.approval_view
  -- json, not jsonb: ids of people may hold \u0000. Null where everybody may.
  add column policy json,
  add column submitted_by json not null,
  -- Who has approved so far, as a list of actors; null where nobody has.
  add column given json,
  add column is_escalated bool not null default false;
