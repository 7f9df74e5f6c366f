-- Whether runs fail more often of late is seen in the order in which they began: the newest of a workflow up to some run.
create index run_expectation_began on baton.run_expectation (workflow, began_position desc);

-- What a fold writes has changed with it: every view is folded again, so that the rows of old runs are those of one version.
truncate baton.run_view;
truncate baton.decision_view;
truncate baton.approval_view;
truncate baton.run_usage_view;
truncate baton.agent_usage_view;
truncate baton.run_expectation;
truncate baton.run_step_time;
truncate baton.anomaly;
update baton.run_view_cursor set position = 0, folds = 4;

-- Whoever tells of anomalies asks how far they have been looked for.
grant select on baton.run_view_cursor to baton_hub;
