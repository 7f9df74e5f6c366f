-- Requests taken over HTTP are forgotten after some days, one at least, as those that had their effect are (baton.prune_requests):
-- until then the same id is the same request. What still waits is none of them, nor what had its effect and is not forgotten there.
create index accepted_request_at on baton.accepted_request (accepted_at);

create function baton.prune_accepted_requests(p_days int) returns int
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_gone int;
begin
  if p_days is null or p_days < 1 then
    raise exception 'a request is remembered for a day at least' using errcode = 'invalid_parameter_value';
  end if;
  delete from baton.accepted_request where request_id in
    (select a.request_id from baton.accepted_request a
      where a.accepted_at < clock_timestamp() - make_interval(days => p_days)
        and not exists (select from baton.inbox b where b.request_id = a.request_id)
        and not exists (select from baton.request r where r.request_id = a.request_id)
      order by a.accepted_at limit 1000);
  get diagnostics v_gone = row_count;
  return v_gone;
end $$;
revoke all on function baton.prune_accepted_requests from public;
grant execute on function baton.prune_accepted_requests to baton_gateway;
