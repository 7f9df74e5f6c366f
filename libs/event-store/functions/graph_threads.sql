-- version: 1
-- Threads of graphs of users' workers, which trust each other. Baton's own workers have none.
create or replace function baton.check_keeps_threads() returns void
language plpgsql stable set search_path = pg_catalog, baton, pg_temp as $$
begin
  if session_user <> 'baton_login_worker' and not baton.owns_schema(session_user) then
    raise exception '% keeps no threads', session_user using errcode = 'insufficient_privilege';
  end if;
end $$;
revoke all on function baton.check_keeps_threads from public;

-- The same checkpoint again is the newer one.
create or replace function baton.put_graph_checkpoint(
  p_space text, p_thread text, p_namespace text, p_checkpoint text, p_body json
) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  perform baton.check_keeps_threads();
  insert into baton.graph_checkpoint as c (space, thread_id, namespace, checkpoint_id, body)
    values (p_space, p_thread, p_namespace, p_checkpoint, p_body)
    on conflict (space, thread_id, namespace, checkpoint_id) do update set body = excluded.body, put_at = clock_timestamp();
end $$;
revoke all on function baton.put_graph_checkpoint from public;
grant execute on function baton.put_graph_checkpoint to baton_worker;

-- What a task has written stands, whoever writes it again; of its error, its interrupt and its answer the newest counts.
create or replace function baton.put_graph_writes(
  p_space text, p_thread text, p_namespace text, p_checkpoint text, p_task text, p_path text, p_writes json
) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  perform baton.check_keeps_threads();
  insert into baton.graph_write as w (space, thread_id, namespace, checkpoint_id, task_id, idx, task_path, channel, value)
    select p_space, p_thread, p_namespace, p_checkpoint, p_task, (e.write->>'index')::int, p_path, e.write->>'channel', e.write->'value'
      from json_array_elements(p_writes) as e (write)
     -- Two who write the same lock its rows in the same order.
     order by (e.write->>'index')::int
    on conflict (space, thread_id, namespace, checkpoint_id, task_id, idx)
      do update set channel = excluded.channel, value = excluded.value, task_path = excluded.task_path where w.idx < 0;
end $$;
revoke all on function baton.put_graph_writes from public;
grant execute on function baton.put_graph_writes to baton_worker;

-- Checkpoints of a space, the newest of each thread first: those behind a place. Null: whichever. p_before: older than it.
create or replace function baton.graph_checkpoints(
  p_space text, p_thread text, p_namespace text, p_checkpoint text, p_before text,
  p_after_thread text, p_after_namespace text, p_after_checkpoint text, p_most int
) returns table (thread_id text, namespace text, checkpoint_id text, body json)
-- A plan for whatever is asked would read the whole space for one thread.
language plpgsql stable security definer set search_path = pg_catalog, baton, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
begin
  perform baton.check_keeps_threads();
  return query
    select c.thread_id, c.namespace, c.checkpoint_id, c.body
      from baton.graph_checkpoint c
     where c.space = p_space
       and (p_thread is null or c.thread_id = p_thread)
       and (p_namespace is null or c.namespace = p_namespace)
       and (p_checkpoint is null or c.checkpoint_id = p_checkpoint)
       and (p_before is null or c.checkpoint_id < p_before)
       and (p_after_thread is null or (c.thread_id, c.namespace) > (p_after_thread, p_after_namespace)
            or (c.thread_id = p_after_thread and c.namespace = p_after_namespace and c.checkpoint_id < p_after_checkpoint))
     order by c.thread_id, c.namespace, c.checkpoint_id desc
     limit p_most;
end $$;
revoke all on function baton.graph_checkpoints from public;
grant execute on function baton.graph_checkpoints to baton_worker;

create or replace function baton.graph_writes(p_space text, p_thread text, p_namespace text, p_checkpoint text)
returns table (task_id text, idx int, task_path text, channel text, value json)
language plpgsql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
begin
  perform baton.check_keeps_threads();
  return query
    select w.task_id, w.idx, w.task_path, w.channel, w.value
      from baton.graph_write w
     where w.space = p_space and w.thread_id = p_thread and w.namespace = p_namespace and w.checkpoint_id = p_checkpoint;
end $$;
revoke all on function baton.graph_writes from public;
grant execute on function baton.graph_writes to baton_worker;

create or replace function baton.delete_graph_thread(p_space text, p_thread text) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  perform baton.check_keeps_threads();
  delete from baton.graph_write w where w.space = p_space and w.thread_id = p_thread;
  delete from baton.graph_checkpoint c where c.space = p_space and c.thread_id = p_thread;
end $$;
revoke all on function baton.delete_graph_thread from public;
grant execute on function baton.delete_graph_thread to baton_worker;
