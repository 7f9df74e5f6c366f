-- `json` columns hold what workers and people said to the letter, also a NUL and half a surrogate pair. Operators of Postgres
-- read all of a value to give a part of it, and fail on those two wherever they stand: this is the value without them, for
-- looking at. An escaped backslash before them matches too, which changes what is looked at and not its shape.
create function baton.readable(p_data json) returns json
language sql immutable strict set search_path = pg_catalog as $$
  select case when position('\u0000' in p_data::text) = 0 and position('\ud' in p_data::text) = 0 then p_data
              else regexp_replace(p_data::text, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'g')::json end
$$;
revoke all on function baton.readable from public;
grant execute on function baton.readable to baton_gateway;

create or replace function baton.approval_given(p_command text, p_approval text)
returns json
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select json_build_object('sha256', asked.data->>'sha256', 'arguments', asked.data->'arguments', 'by', given.data->'by')
    from (select e.run_id, e.type, baton.readable(e.data) as data from baton.event e
           where e.run_id = left(p_command, 36)::uuid and e.type = 'TaskScheduled'
             and position(p_approval in e.data::text) > 0) as asked
    join (select e.run_id, e.type, baton.readable(e.data) as data from baton.event e
           where e.run_id = left(p_command, 36)::uuid and e.type = 'ApprovalDecided') as given
      on given.data->>'commandId' = p_approval and given.data->>'decision' = 'approve'
   where asked.data->>'commandId' = p_approval and asked.data->>'resource' = 'baton:approval'
     and (baton.owns_schema(session_user)
          or exists (select from baton.command c where c.command_id = p_command and c.queue = 'worker-deployer'
                        and baton.serves(session_user, c.queue)))
   limit 1
$$;
