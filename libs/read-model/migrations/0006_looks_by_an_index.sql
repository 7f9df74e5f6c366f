-- A run that was never begun is looked for among the requests that were to begin one.
create index accepted_request_run on baton.accepted_request (run_id);

-- Lists of one workflow, newest first.
create index run_view_workflow on baton.run_view (workflow, started_at desc, run_id desc);
create index decision_view_workflow on baton.decision_view (workflow, position desc) where position is not null;
