-- version: 1
-- How long models took for each task of a run, as far as the journals of its tasks say. Of an entry its form says whether it is
-- a call: an answer, one that broke off, one of no use, or the answer to a single question, which has no kind. An answer that
-- was taken over from another task is none. What a model was asked and what tools did is most of a journal, and is not read as
-- JSON. `entries` are all that were looked at, p_most in all runs at most.
create or replace function baton.model_time(p_run uuid, p_most int)
returns table (command_id text, entries int, calls int, unmeasured int, model_ms double precision)
language plpgsql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
begin
  return query
  with looked_at as materialized (
    select j.command_id,
           case when left(j.response::text, 18) not in ('{"kind":"opening",', '{"kind":"outcome",') then baton.readable(j.response) end as entry
      from baton.llm_journal j where left(j.command_id, 36) = p_run::text limit p_most
  ), called as (
    select l.command_id,
           l.entry is not null and json_typeof(l.entry) = 'object' and l.entry ->> 'cachedFrom' is null
             and (l.entry ->> 'kind' in ('answer', 'cut', 'failure')
                  or (l.entry ->> 'kind' is null and coalesce(l.entry ->> 'usage', l.entry ->> 'spent') is not null)) as is_call,
           case when json_typeof(l.entry -> 'tookMs') = 'number' then (l.entry ->> 'tookMs')::double precision end as took_ms
      from looked_at l
  )
  select c.command_id, count(*)::int, (count(*) filter (where c.is_call))::int,
         (count(*) filter (where c.is_call and c.took_ms is null))::int,
         coalesce(sum(c.took_ms) filter (where c.is_call), 0)
    from called c group by c.command_id order by c.command_id;
end $$;
revoke all on function baton.model_time from public;
grant execute on function baton.model_time to baton_gateway;
