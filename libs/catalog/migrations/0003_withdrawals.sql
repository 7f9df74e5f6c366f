-- Published versions that are offered to nobody any more. Their documents stay: runs of them may be under way, and what a
-- run was is read for ever.
create table baton.workflow_withdrawal (
  name text not null,
  version text not null,
  withdrawn_at timestamptz(3) not null default clock_timestamp(),
  withdrawn_by json not null,
  primary key (name, version)
);
revoke all on baton.workflow_withdrawal from public;
grant select on baton.workflow_withdrawal to baton_hub;
grant select, insert on baton.workflow_withdrawal to baton_gateway;
