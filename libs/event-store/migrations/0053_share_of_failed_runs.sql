-- That the runs of a workflow fail more often of late is an anomaly too, of the run whose failure made that plain: a share of the
-- newest runs, so it says of how many. Whoever looks for the last time that it was told has few rows to look through.
alter table baton.anomaly add column window_size int;
create index anomaly_failures on baton.anomaly (workflow, position) where measure = 'failures';
