-- What was expected of each run when it began, and what came of it: a row a run, narrow, so that the newest of a workflow are
-- read while somebody waits. Every view is folded again: what ended before is what the next runs are compared with.
truncate baton.run_view;
truncate baton.decision_view;
truncate baton.approval_view;
truncate baton.run_usage_view;
truncate baton.agent_usage_view;
update baton.run_view_cursor set position = 0, folds = 3;

create table baton.run_expectation (
  run_id uuid primary key,
  workflow text not null,
  workflow_version text not null,
  size_class smallint not null,
  -- Only runs that ended before this position were asked.
  began_position bigint not null,
  expected jsonb not null,
  -- What was usual of them, until it ends and is held against that.
  usual jsonb,
  -- Attempts that failed, and judgements that were not those of the tools, so far.
  errors int not null,
  disagreements int not null,
  -- Null until it ends for the first time: what a retry makes of it is another story.
  ended_position bigint,
  -- Whether others are compared with it: not with a run that somebody cancelled.
  is_counted bool not null default false,
  is_success bool,
  duration_ms bigint,
  -- Null where it is not known.
  cost_micro_usd bigint,
  rounds int,
  score float8
) with (fillfactor = 80);
create index run_expectation_alike on baton.run_expectation (workflow, workflow_version, size_class, ended_position desc) where is_counted;
create index run_expectation_workflow on baton.run_expectation (workflow, ended_position desc) where is_counted;
create index run_expectation_ended on baton.run_expectation (ended_position desc) where is_counted;

-- How long ended runs were in their states: the first few times that each was entered.
create table baton.run_step_time (
  run_id uuid not null,
  state text not null,
  visit smallint not null,
  workflow text not null,
  workflow_version text not null,
  size_class smallint not null,
  ended_position bigint not null,
  is_success bool not null,
  duration_ms bigint not null,
  cost_micro_usd bigint,
  -- From the beginning of the run, and how long it was there.
  entered_ms bigint not null,
  spent_ms bigint not null,
  primary key (run_id, state, visit)
);
create index run_step_time_alike on baton.run_step_time (workflow, state, visit, workflow_version, size_class, ended_position desc);
create index run_step_time_state on baton.run_step_time (workflow, state, visit, ended_position desc);
create index run_step_time_workflow on baton.run_step_time (workflow, ended_position desc) where visit = 1;

revoke all on baton.run_expectation, baton.run_step_time from public;
grant select, insert, update, delete on baton.run_expectation to baton_gateway;
grant select, insert, delete on baton.run_step_time to baton_gateway;
