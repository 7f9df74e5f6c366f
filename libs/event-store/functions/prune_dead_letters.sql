-- version: 1
-- Removes dead letters that are older than so many days, a week at least, and with which nothing has happened since. What stands
-- between a run that stands still and its end stays, and what is about to be sent again.
create or replace function baton.prune_dead_letters(p_days int) returns int
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_before timestamptz;
  v_gone int;
begin
  if p_days is null or p_days < 7 then
    raise exception 'a dead letter is kept for a week at least' using errcode = 'invalid_parameter_value';
  end if;
  v_before := clock_timestamp() - make_interval(days => p_days);
  -- By their numbers, which rise with their times: what is old stands in front.
  delete from baton.dead_letter where id in
    (select old.id
       from (select d.* from baton.dead_letter d where d.id > 0 order by d.id limit 2000) as old
      where greatest(old.at, old.requeued_at, old.sent_at) < v_before
        and (old.requeued_at is null or old.sent_at is not null)
        and not exists (select from baton.stream s where s.status = 2
                            and s.run_id = case when old.run_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then old.run_id::uuid end)
      limit 500)
    -- Looked at once more where somebody had it taken up again while its lock was waited for.
    and (requeued_at is null or sent_at is not null);
  get diagnostics v_gone = row_count;
  return v_gone;
end $$;
revoke all on function baton.prune_dead_letters from public;
grant execute on function baton.prune_dead_letters to baton_gateway;
