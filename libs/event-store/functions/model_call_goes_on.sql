-- version: 1
-- A call of a model is still under way: its holder lives.
create or replace function baton.model_call_goes_on(p_call uuid) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
begin
  update baton.model_call c set lease_until = clock_timestamp() + interval '15 seconds'
   where c.call_id = p_call and c.begun_at is not null and c.ended_at is null;
end $$;
revoke all on function baton.model_call_goes_on from public;
grant execute on function baton.model_call_goes_on to baton_worker;
