-- version: 1
-- Removes what follows from other things and is old: checkpoints, of which the last of each day stays, and what the offline model
-- wrote in runs that have ended; without it their code is executed in a sandbox alone.
create or replace function baton.prune_side_rows() returns int
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_checkpoints int;
  v_works int;
begin
  delete from baton.checkpoint where size in
    (select c.size
       from (select n.size, n.at, lead(n.at) over (order by n.size) as next_at
               from (select o.size, o.at from baton.checkpoint o order by o.size limit 20000) as n) as c
      where c.at < clock_timestamp() - interval '30 days'
        and (c.at at time zone 'UTC')::date = (c.next_at at time zone 'UTC')::date);
  get diagnostics v_checkpoints = row_count;
  delete from baton.offline_work where ctid in
    (select w.ctid from baton.offline_work w
      where w.at < clock_timestamp() - interval '90 days'
        and not exists (select from baton.stream s where s.run_id = w.run_id and s.status <> 1)
      order by w.at limit 1000);
  get diagnostics v_works = row_count;
  return v_checkpoints + v_works;
end $$;
revoke all on function baton.prune_side_rows from public;
grant execute on function baton.prune_side_rows to baton_gateway;
