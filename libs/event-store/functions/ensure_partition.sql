-- version: 1
-- The current definition: migrations 0001 and 0004 hold former ones. See README.md beside this file before you change it.

-- A TRUNCATE trigger of the parent does not fire when a partition is truncated by name, so each partition has its own.
-- The table is made by itself and attached: CREATE TABLE … PARTITION OF would lock the whole log against readers, and an
-- append that has to make a partition would wait for a backup to end.
--
-- Some events hold the state of their run, so that a long log need not be read from its beginning: they have an index.
create or replace function baton.ensure_partition(p_position bigint) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_size bigint := (select partition_size from baton.log);
  v_number bigint := p_position / v_size;
  v_name text := 'event_' || lpad(v_number::text, 6, '0');
begin
  if to_regclass('baton.' || v_name) is not null then return; end if;
  execute format('create table baton.%I (like baton.event including constraints)', v_name);
  execute format('create unique index on baton.%I (run_id, version)', v_name);
  execute format('create index on baton.%I (run_id, version) where type in (''RunForked'', ''RunRetried'', ''RunContinued'')', v_name);
  execute format('create trigger no_truncate before truncate on baton.%I for each statement execute function baton.forbid()', v_name);
  execute format('alter table baton.event attach partition baton.%I for values from (%s) to (%s)',
                 v_name, v_number * v_size, (v_number + 1) * v_size);
end $$;
