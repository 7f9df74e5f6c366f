-- Runs are found by who is heard at their decision points: every view is folded again.
truncate baton.run_view;
update baton.run_view_cursor set position = 0;
alter table baton.run_view add column decision_mode text not null default 'programmatic';
create index run_view_mode on baton.run_view (decision_mode, started_at desc, run_id desc);
