-- A run that was never begun is looked for among the requests that were to begin one.
create index accepted_request_run on baton.accepted_request (run_id);
