-- Whether runs fail more often of late is seen in the order in which they began: the newest of a workflow up to some run.
create index run_expectation_began on baton.run_expectation (workflow, began_position desc);
