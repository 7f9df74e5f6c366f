-- The event that asked a question, so that it is not searched for in the log. Questions are in that from the beginning: everything
-- is folded again.
truncate baton.run_view;
truncate baton.decision_view;
truncate baton.approval_view;
update baton.run_view_cursor set position = 0;
alter table baton.approval_view add column version integer not null;
