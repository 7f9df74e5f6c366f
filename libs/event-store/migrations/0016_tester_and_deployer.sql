-- Two more kinds of worker are services of Baton: nobody else takes their tasks.
create or replace function baton.serves(p_login name, p_queue text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case
    when p_login = 'baton_login_worker'
      then p_queue like 'worker-%'
       and p_queue <> all (array['worker-planner', 'worker-validator', 'worker-programmer', 'worker-tester', 'worker-prompt', 'worker-advisor', 'worker-deployer'])
    when p_login like 'baton\_login\_%' then p_queue = 'worker-' || substr(p_login, 13)
    else baton.owns_schema(p_login)
  end
$$;

-- The tester writes code, too.
create or replace function baton.record_offline_work(p_command text, p_sha256 bytea) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  if not baton.owns_schema(session_user) then
    if not baton.serves(session_user, 'worker-programmer') and not baton.serves(session_user, 'worker-tester') then
      raise exception '% writes no code', session_user using errcode = 'insufficient_privilege';
    end if;
    if not exists (select from baton.command c
                    where c.command_id = p_command and c.queue in ('worker-programmer', 'worker-tester')
                      and baton.serves(session_user, c.queue)) then
      return false;
    end if;
  end if;
  insert into baton.offline_work (run_id, sha256, command_id) values (left(p_command, 36)::uuid, p_sha256, p_command)
    on conflict do nothing;
  return true;
end $$;

-- What a person approved in the run of an open task of the deployer: read from the log, which only the hub writes, so that
-- no argument of a task has to be believed. Null where there is no such approval in that very run, or none was given.
create function baton.approval_given(p_command text, p_approval text) returns json
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select json_build_object('sha256', asked.data->>'sha256', 'arguments', asked.data->'arguments', 'by', given.data->'by')
    from baton.event asked
    join baton.event given on given.run_id = asked.run_id and given.type = 'ApprovalDecided'
                          and given.data->>'commandId' = p_approval and given.data->>'decision' = 'approve'
   where asked.run_id = left(p_command, 36)::uuid and asked.type = 'TaskScheduled'
     and asked.data->>'commandId' = p_approval and asked.data->>'resource' = 'baton:approval'
     and (baton.owns_schema(session_user)
          or exists (select from baton.command c where c.command_id = p_command and c.queue = 'worker-deployer'
                        and baton.serves(session_user, c.queue)))
   limit 1
$$;
revoke all on function baton.approval_given from public;
grant execute on function baton.approval_given to baton_worker;

-- One approval, one deployment: whatever is delivered twice, tried again or timed out finds here that it was begun, and how it
-- ended where that is known.
create table baton.deployment (
  approval_id text primary key,
  run_id uuid not null,
  command_id text not null,
  tree text not null,
  begun_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome json
);

-- Notes that the command of a deployment begins now. `is_new` is false where it had begun before, by whomever.
create function baton.begin_deployment(p_command text, p_approval text, p_tree text)
returns table (is_new boolean, outcome json)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare v_count int;
begin
  if baton.approval_given(p_command, p_approval) is null then
    raise exception 'command % has no approval %', p_command, p_approval using errcode = 'insufficient_privilege';
  end if;
  insert into baton.deployment (approval_id, run_id, command_id, tree)
    values (p_approval, left(p_command, 36)::uuid, p_command, p_tree) on conflict do nothing;
  get diagnostics v_count = row_count;
  return query select v_count = 1, d.outcome from baton.deployment d where d.approval_id = p_approval;
end $$;

-- The first outcome stands, but for that of a command which may be repeated: then the newest does.
create function baton.end_deployment(p_command text, p_approval text, p_outcome json, p_repeatable boolean) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  if not baton.owns_schema(session_user) and not baton.serves(session_user, 'worker-deployer') then
    raise exception '% deploys nothing', session_user using errcode = 'insufficient_privilege';
  end if;
  update baton.deployment d set outcome = p_outcome, ended_at = clock_timestamp()
   where d.approval_id = p_approval and d.run_id = left(p_command, 36)::uuid and (d.outcome is null or p_repeatable);
end $$;

revoke all on baton.deployment from public;
revoke all on function baton.begin_deployment, baton.end_deployment from public;
grant execute on function baton.begin_deployment, baton.end_deployment to baton_worker;
