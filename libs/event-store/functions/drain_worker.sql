-- version: 1
-- Asks a worker to take no more tasks, or takes that back (p_is_wanted). It finds it with its next announcement. Asked again, the
-- first who asked stands. False where there is no such worker, or it has stopped.
create or replace function baton.drain_worker(p_worker uuid, p_by json, p_is_wanted boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  update baton.worker w
     set drain_asked_at = case when p_is_wanted then coalesce(w.drain_asked_at, clock_timestamp()) end,
         drain_asked_by = case when p_is_wanted then coalesce(w.drain_asked_by, p_by) end
   where w.worker_id = p_worker and w.stopped_at is null;
  return found;
end $$;
revoke all on function baton.drain_worker from public;
grant execute on function baton.drain_worker to baton_gateway;
