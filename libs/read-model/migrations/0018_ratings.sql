-- What people think of a run stands in its view. Views of before have none, which is what their logs say; a gateway of before would
-- write a view without it, so only those of now fold from here on.
update baton.run_view_cursor set folds = 2;
