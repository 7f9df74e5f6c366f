-- version: 1
-- The caps that hold for a run, and how much each allows. What is said of one submitter, workflow or value of a label comes before
-- what is said of each.
create or replace function baton.place_keys(p_runs json, p_submitter text, p_workflow text, p_labels json)
returns table (key text, most int)
language plpgsql stable set search_path = pg_catalog, baton, pg_temp
as $$
begin
  return query
    select c.key, c.most::int
      from (select 'all runs' as key, p_runs ->> 'atOnce' as most
            union all
            select 'submitter ' || p_submitter, coalesce(p_runs -> 'submitters' ->> p_submitter, p_runs ->> 'perSubmitter')
            union all
            select 'workflow ' || p_workflow, coalesce(p_runs -> 'workflows' ->> p_workflow, p_runs ->> 'perWorkflow')
            union all
            select 'label ' || l.key || '=' || l.value,
                   coalesce(p_runs -> 'labels' ->> (l.key || '=' || l.value), p_runs -> 'labels' ->> l.key)
              from json_each_text(p_labels) as l(key, value)) as c
     where c.most is not null
     order by c.key;
end $$;
revoke all on function baton.place_keys from public;
grant execute on function baton.place_keys to baton_gateway;
