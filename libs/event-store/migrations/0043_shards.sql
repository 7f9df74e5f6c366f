-- Which share of all runs this log is for, where one log is not enough: see docs/adr/0074-more-than-one-log.md. Nothing else of
-- the log knows of it: positions, tree and lanes of each are as those of an only one. Fixed before the first event.
create table baton.log_shard (
  only_row boolean primary key default true check (only_row),
  number int not null default 0 check (number >= 0),
  shards int not null default 1 check (shards between 1 and 4096),
  check (number < shards)
);
insert into baton.log_shard default values;
revoke all on baton.log_shard from public;
grant select on baton.log_shard to baton_hub, baton_gateway;
