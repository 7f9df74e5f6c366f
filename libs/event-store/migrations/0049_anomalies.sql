-- What of an ended run was unlike the runs of its workflow before it. Written by the projection, in the order of the log; read by
-- whoever tells of it, up to a position as the log is. The same log gives the same rows: they may be dropped and made anew.
create table baton.anomaly (
  run_id uuid not null,
  measure text not null,
  -- Of the event that ended the run.
  position bigint not null,
  at timestamptz(3) not null,
  workflow text not null,
  workflow_version text not null,
  direction text not null check (direction in ('high', 'low')),
  value float8 not null,
  median float8 not null,
  deviations float8 not null,
  sample_size int not null,
  false_alarm_rate float8 not null,
  primary key (run_id, measure)
);
create index anomaly_position on baton.anomaly (position desc, measure);
create index anomaly_workflow on baton.anomaly (workflow, position desc, measure);

revoke all on baton.anomaly from public;
grant select, insert, delete on baton.anomaly to baton_gateway;
grant select on baton.anomaly to baton_hub;
