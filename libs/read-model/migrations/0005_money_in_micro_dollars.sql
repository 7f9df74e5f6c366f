-- What runs cost was added up in binary fractions of dollars; now in whole micro-dollars: every view is folded again.
truncate baton.run_view;
update baton.run_view_cursor set position = 0;
