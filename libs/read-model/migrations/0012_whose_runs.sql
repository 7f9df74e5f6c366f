-- Runs are found by who submitted them: every view is folded again.
truncate baton.run_view;
truncate baton.decision_view;
update baton.run_view_cursor set position = 0;
alter table baton.run_view add column submitted_by text not null;
create index run_view_submitted_by on baton.run_view (submitted_by, started_at desc, run_id desc);
