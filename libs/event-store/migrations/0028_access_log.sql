-- Who was refused, and who asked for something of Baton itself; what is asked of runs stands in the log of events. Each entry
-- hashes the one before it, so that one which is changed or taken away between others is found.
create table baton.access_log (
  position bigint primary key check (position > 0),
  at_ms bigint not null,
  kind text not null,
  -- Null where nobody could prove who they are. json, as in events.
  actor json,
  address text,
  -- Method and path as it is registered.
  route text,
  -- Why it was refused.
  code text,
  -- The key, the workflow, … that it was about.
  about text,
  -- How many refusals like this it stands for.
  count integer not null check (count > 0),
  detail json,
  hash bytea not null check (octet_length(hash) = 32)
);
create table baton.access_head (
  only_row bool primary key default true check (only_row),
  position bigint not null,
  hash bytea not null check (octet_length(hash) = 32)
);
insert into baton.access_head (position, hash) values (0, decode(repeat('00', 32), 'hex'));
revoke all on baton.access_log, baton.access_head from public;
grant select on baton.access_log, baton.access_head to baton_gateway;
