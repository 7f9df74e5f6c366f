-- version: 1
-- A call of a model has ended, and used so many tokens; null where nobody knows: then what it might have used stands. One that was
-- not let in is given up.
create or replace function baton.end_model_call(p_call uuid, p_tokens bigint) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
begin
  delete from baton.model_call c where c.call_id = p_call and c.begun_at is null;
  update baton.model_call c set ended_at = clock_timestamp(), tokens = coalesce(greatest(0, p_tokens), c.tokens)
   where c.call_id = p_call and c.ended_at is null;
end $$;
revoke all on function baton.end_model_call from public;
grant execute on function baton.end_model_call to baton_worker;
