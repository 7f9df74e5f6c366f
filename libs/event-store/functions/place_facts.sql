-- version: 1
-- Whose run it is and of what, by the event that begins it or has it go on.
create or replace function baton.place_facts(p_type text, p_data json)
returns table (submitter text, workflow text, labels json)
language plpgsql stable set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_data json := baton.readable(p_data);
  v_run json := case when p_type = 'RunStarted' then v_data else v_data -> 'carry' -> 'state' end;
begin
  return query
    select coalesce(v_run -> 'submittedBy' ->> 'person', (v_run -> 'submittedBy' ->> 'type') || ':' || (v_run -> 'submittedBy' ->> 'id'), ''),
           coalesce(v_run -> 'workflow' ->> 'name', ''),
           coalesce(v_run -> 'labels', '{}'::json);
end $$;
revoke all on function baton.place_facts from public;
