-- version: 6
-- A worker says that it lives and what it has in work: every few seconds, and when that changes. The t_… hold all of it, and what
-- has ended since it spoke last (t_ended_ms); what it told of before and tells of no more has ended, too. Times come as ages in milliseconds, since the clock of the database is the only one.
-- A task that another worker says to have begun later was lost by this one. Old rows go little by little: ended work after a
-- week, silent workers after a day but for the last of their kind, by which is known since when a kind has none.
-- Whoever was built before there was draining calls it with the first twenty, before there were rungs with the first twenty-one.
-- Workers of a kind begin one after the other, each at a time of its own: of two that begin at the same moment the one that began
-- later sees the other, whichever transaction ends first (ADR 75).
drop function if exists baton.announce_worker(uuid, text, text, text, text, integer, integer, text, text, boolean, integer[], text[], text[],
  integer[], float8[], float8[], float8[], text[], integer, boolean);
drop function if exists baton.announce_worker(uuid, text, text, text, text, integer, integer, text, text, boolean, integer[], text[], text[],
  integer[], float8[], float8[], float8[], text[], integer, boolean, boolean);
create or replace function baton.announce_worker(
  p_worker uuid, p_kind text, p_description text, p_version text, p_host text, p_pid integer, p_concurrency integer,
  p_input text, p_output text, p_is_stopped boolean,
  t_ordinal integer[], t_command text[], t_state text[], t_dispatch integer[], t_begun_ms float8[], t_ended_ms float8[],
  t_beat_ms float8[], t_note text[], p_bundle integer default 1, p_has_own_door boolean default false,
  p_is_draining boolean default false, p_looks_at_rungs boolean default false
) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_now timestamptz(3);
  v_started timestamptz(3);
begin
  if not exists (select from baton.worker w where w.worker_id = p_worker) then
    perform pg_advisory_xact_lock(hashtext('baton.worker'), hashtext(p_kind));
    v_now := clock_timestamp();
    -- One that stands in the future was made before the clock was set back.
    v_started := greatest(v_now, (select max(w.started_at) from baton.worker w
                                   where w.kind = p_kind and w.started_at < v_now + interval '1 second') + interval '1 millisecond');
  end if;
  v_now := clock_timestamp();
  insert into baton.worker as w (worker_id, kind, description, version, host, pid, concurrency, bundle, has_own_door, input_schema, output_schema,
                                 load, started_at, seen_at, stopped_at, is_draining, looks_at_rungs)
    values (p_worker, p_kind, p_description, p_version, p_host, p_pid, p_concurrency, p_bundle, p_has_own_door, p_input, p_output,
            (select count(*) from unnest(t_ended_ms) as e(ms) where e.ms is null), coalesce(v_started, v_now), v_now, case when p_is_stopped then v_now end, p_is_draining,
            p_looks_at_rungs)
    on conflict (worker_id) do update
      set load = excluded.load, seen_at = excluded.seen_at, stopped_at = excluded.stopped_at, is_draining = excluded.is_draining;

  insert into baton.task_work as w (worker_id, ordinal, command_id, run_id, state, kind, dispatch_no, due_at, begun_at, ended_at,
                                    beat_at, note)
    select p_worker, t.ordinal, t.command, left(t.command, 36)::uuid, t.state, p_kind, t.dispatch,
           greatest(c.created_at, c.not_before), v_now - t.begun_ms * interval '1 millisecond',
           v_now - t.ended_ms * interval '1 millisecond', v_now - t.beat_ms * interval '1 millisecond', t.note
      from unnest(t_ordinal, t_command, t_state, t_dispatch, t_begun_ms, t_ended_ms, t_beat_ms, t_note)
           as t(ordinal, command, state, dispatch, begun_ms, ended_ms, beat_ms, note)
      left join baton.command c on c.command_id = t.command
    on conflict (worker_id, ordinal) do update
      set beat_at = excluded.beat_at, note = excluded.note, ended_at = coalesce(w.ended_at, excluded.ended_at);

  update baton.task_work w set ended_at = v_now
   where w.worker_id = p_worker and w.ended_at is null and w.ordinal <> all (t_ordinal);

  update baton.task_work w set ended_at = v_now, is_lost = true
    from baton.task_work mine
   where mine.worker_id = p_worker and mine.ordinal = any (t_ordinal)
     and w.command_id = mine.command_id and w.ended_at is null
     and (w.worker_id, w.ordinal) <> (mine.worker_id, mine.ordinal) and w.begun_at < mine.begun_at;

  delete from baton.task_work w
   where (w.worker_id, w.ordinal) in (select o.worker_id, o.ordinal from baton.task_work o
                                       where o.ended_at < v_now - interval '7 days' order by o.ended_at limit 100);
  delete from baton.worker w
   where w.kind = p_kind and w.seen_at < v_now - interval '1 day' and w.worker_id <> p_worker;
end $$;
revoke all on function baton.announce_worker from public;
grant execute on function baton.announce_worker to baton_worker, baton_hub;
