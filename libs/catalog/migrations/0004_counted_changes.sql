-- How many times the table of workflows was changed. Who has seen a number and sees it again knows that nothing was published
-- or withdrawn in between, and need not look further: it changes in the transaction that publishes.
create table baton.workflow_change (
  only_row boolean primary key default true check (only_row),
  number bigint not null default 0
) with (fillfactor = 10);
insert into baton.workflow_change default values;

create function baton.count_workflow_change() returns trigger language plpgsql
  security definer set search_path = pg_catalog, baton, pg_temp
as $$
begin
  update baton.workflow_change set number = number + 1;
  return null;
end $$;
create trigger counted after insert on baton.workflow
  for each statement execute function baton.count_workflow_change();
create trigger counted after insert or update or delete on baton.workflow_withdrawal
  for each statement execute function baton.count_workflow_change();

revoke all on baton.workflow_change from public;
revoke all on function baton.count_workflow_change() from public;
grant select on baton.workflow_change to baton_hub, baton_gateway;
