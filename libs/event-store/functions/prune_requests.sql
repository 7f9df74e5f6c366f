-- version: 1
-- Forgets requests that had their effect so many days ago, one at least: until then the same id is the same request.
create or replace function baton.prune_requests(p_days int) returns int
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_gone int;
begin
  if p_days is null or p_days < 1 then
    raise exception 'a request is remembered for a day at least' using errcode = 'invalid_parameter_value';
  end if;
  delete from baton.request where request_id in
    (select r.request_id from baton.request r where r.at < clock_timestamp() - make_interval(days => p_days) order by r.at limit 1000);
  get diagnostics v_gone = row_count;
  return v_gone;
end $$;
revoke all on function baton.prune_requests from public;
grant execute on function baton.prune_requests to baton_gateway;
