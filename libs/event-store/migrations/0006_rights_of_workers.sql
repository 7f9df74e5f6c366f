-- What a worker does in the event store, it does through functions that look at who asks and for which command: table
-- rights would let any worker read and write what belongs to all others.

-- Whose tasks a login takes. The owner of the schema does everything, and so does whoever lowers itself from it by SET ROLE.
-- `session_user` is the one who logged in, whatever SET ROLE or a function that runs as its owner say.
create function baton.owns_schema(p_login name) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select pg_has_role(p_login, (select nspowner from pg_namespace where nspname = 'baton'), 'member')
$$;

create function baton.serves(p_login name, p_queue text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case
    when p_login = 'baton_login_worker'
      then p_queue like 'worker-%'
       and p_queue <> all (array['worker-planner', 'worker-validator', 'worker-programmer', 'worker-prompt', 'worker-advisor'])
    when p_login like 'baton\_login\_%' then p_queue = 'worker-' || substr(p_login, 13)
    else baton.owns_schema(p_login)
  end
$$;

create function baton.journal_read(p_command text, p_call int) returns json
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select j.response from baton.llm_journal j
   where j.command_id = p_command and j.call_index = p_call
     and (baton.owns_schema(session_user)
          or exists (select from baton.command c where c.command_id = p_command and baton.serves(session_user, c.queue)))
$$;

-- False where the command is settled: nobody will read what is written for it. The first entry of a call stands.
create function baton.journal_write(p_command text, p_call int, p_response json) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare v_queue text;
begin
  if not baton.owns_schema(session_user) then
    select c.queue into v_queue from baton.command c where c.command_id = p_command;
    if not found then return false; end if;
    if v_queue is null or not baton.serves(session_user, v_queue) then
      raise exception 'command % is not one of %', p_command, session_user using errcode = 'insufficient_privilege';
    end if;
  end if;
  insert into baton.llm_journal (command_id, call_index, response) values (p_command, p_call, p_response)
    on conflict (command_id, call_index) do nothing;
  return true;
end $$;

-- Blobs are found by their hash alone: who does not know it does not find the blob.
create function baton.get_blob(p_sha256 bytea) returns bytea
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select b.content from baton.blob b where b.sha256 = p_sha256
$$;

create function baton.put_blob(p_content bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare v_sha256 bytea := sha256(p_content);
begin
  insert into baton.blob (sha256, size, content) values (v_sha256, octet_length(p_content), p_content)
    on conflict (sha256) do nothing;
  return v_sha256;
end $$;

revoke all on function baton.owns_schema, baton.serves, baton.journal_read, baton.journal_write, baton.get_blob, baton.put_blob from public;
grant execute on function baton.journal_read, baton.journal_write, baton.get_blob, baton.put_blob to baton_worker;
grant execute on function baton.get_blob, baton.put_blob to baton_hub;
grant execute on function baton.get_blob to baton_gateway;

revoke all on baton.llm_journal from baton_worker, baton_hub;
revoke all on baton.blob from baton_worker, baton_hub, baton_gateway;
-- A letter of a worker strikes no request off, and says so by its columns.
revoke all on baton.dead_letter from baton_worker;
grant insert (source, name, reason, message, run_id, command_id) on baton.dead_letter to baton_worker;
revoke all on function baton.forbid from public;

-- The log is read through its parent; a partition by itself is nobody's, as those made later are.
do $$ declare v_partition regclass; begin
  for v_partition in select inhrelid::regclass from pg_inherits where inhparent = 'baton.event'::regclass loop
    execute format('revoke all on %s from baton_hub, baton_gateway, baton_worker', v_partition);
  end loop;
end $$;
