-- Views say what a run waits for, where it comes from, and what is open in another form: every one is folded again.
truncate baton.run_view;
update baton.run_view_cursor set position = 0;

-- A submission that the hub has not begun is shown in the same shape. By text: it may hold \u0000.
update baton.accepted_request
   set view = (left(view::text, -1) || ',"waitingFor":[],"parent":null,"forkedFrom":null}')::json
 where view is not null and view::text not like '%"waitingFor":%';
