-- version: 1
-- Whether somebody wants that a worker takes no more tasks. Apart from announce_worker, whose result older workers know.
create or replace function baton.is_drain_wanted(p_worker uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  return exists (select from baton.worker w where w.worker_id = p_worker and w.drain_asked_at is not null);
end $$;
revoke all on function baton.is_drain_wanted from public;
grant execute on function baton.is_drain_wanted to baton_worker, baton_hub;
