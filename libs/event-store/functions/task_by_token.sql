-- version: 1
-- Whether the proof in the token of a task is right, and how the task stands: 'wrong', 'unknown' (nobody knows its run), 'closed'
-- (it was answered, its time was up, or its run goes on without it), 'open'. Whoever knows a token cannot learn the key by this, and
-- whoever may call it cannot make a token. With p_beats the task's next sign of life is waited for anew.
create or replace function baton.task_by_token(p_command text, p_run uuid, p_proof bytea, p_beats bool) returns text
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_key bytea;
  v_inner bytea := '';
  v_outer bytea := '';
  v_said bytea := convert_to('task-token/' || p_command, 'UTF8');
begin
  select q.key into strict v_key from baton.queue_key q;
  -- RFC 2104: Postgres has the hash, and not the HMAC. The key is 32 bytes, a block 64.
  for n in 0..63 loop
    v_inner := v_inner || set_byte('\x00', 0, (case when n < length(v_key) then get_byte(v_key, n) else 0 end) # 54);
    v_outer := v_outer || set_byte('\x00', 0, (case when n < length(v_key) then get_byte(v_key, n) else 0 end) # 92);
  end loop;
  -- By their hashes: how long it takes says nothing of the proof.
  if sha256(sha256(v_outer || sha256(v_inner || v_said))) is distinct from sha256(p_proof) then return 'wrong'; end if;
  if exists (select from baton.command c where c.command_id = p_command and c.run_id = p_run) then
    if p_beats then
      update baton.command c
         set heartbeat_deadline = greatest(c.heartbeat_deadline, statement_timestamp() + c.heartbeat_seconds * interval '1 second')
       where c.command_id = p_command and c.heartbeat_seconds is not null;
    end if;
    return 'open';
  end if;
  return case when exists (select from baton.stream s where s.run_id = p_run) then 'closed' else 'unknown' end;
end $$;
revoke all on function baton.task_by_token from public;
grant execute on function baton.task_by_token to baton_hub;
grant execute on function baton.task_by_token to baton_gateway;
