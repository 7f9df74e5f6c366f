-- version: 1
-- Removes the beginning of the log of access, as far as it is older than so many days, a month at least. The rest goes on to be
-- verified, from the hash of the last entry that went: it is kept, and an entry says it, which the rest of the chain covers. So
-- that there are few such entries, some days' worth go at once.
create or replace function baton.prune_access_log(p_days int) returns int
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_before bigint;
  v_anchor bigint;
  v_last baton.access_log;
  v_oldest bigint;
begin
  if p_days is null or p_days < 30 then
    raise exception 'the log of access is kept for 30 days at least' using errcode = 'invalid_parameter_value';
  end if;
  v_before := floor(extract(epoch from clock_timestamp() - make_interval(days => p_days)) * 1000)::bigint;
  perform from baton.access_head for update;
  v_anchor := (select a.position from baton.access_anchor a);
  v_oldest := (select l.at_ms from baton.access_log l where l.position = v_anchor + 1);
  if v_oldest is null or v_oldest >= v_before - 604800000 then return 0; end if;
  -- Up to the first one that is young: a clock that was put back makes no hole.
  select l.* into v_last from baton.access_log l
   where l.position = (select coalesce(min(p.position) filter (where p.at_ms >= v_before) - 1, max(p.position))
                         from (select n.position, n.at_ms from baton.access_log n
                                where n.position > v_anchor order by n.position limit 20000) as p);
  if not found then return 0; end if;
  delete from baton.access_log l where l.position <= v_last.position;
  update baton.access_anchor set position = v_last.position, hash = v_last.hash;
  perform baton.note_access('access-log-pruned', '{"type":"system","id":"gateway"}', null, null, null,
                            format('entries %s to %s', v_anchor + 1, v_last.position), (v_last.position - v_anchor)::int,
                            format('{"position":%s,"hash":"%s"}', v_last.position, encode(v_last.hash, 'hex')));
  return (v_last.position - v_anchor)::int;
end $$;
revoke all on function baton.prune_access_log from public;
grant execute on function baton.prune_access_log to baton_gateway;
