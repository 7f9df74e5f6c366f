-- Views say what came back while a run is paused: everything is folded again from the log.
truncate baton.run_view;
truncate baton.decision_view;
update baton.run_view_cursor set position = 0;
