-- version: 2
-- Writes down what became of due times of a schedule, and asks for the runs that are to start: all of it, or nothing where the
-- schedule is not any more what whoever decided that has seen. Where a run was to start and whoever made the schedule may start it no
-- more, none is: the schedule rests from then on, says why, and operators are told. Returns whether it was written as it was decided.
create or replace function baton.fire_schedule(
  p_schedule uuid, p_version int, p_seen_to timestamptz, p_seen_queued bool,
  p_decided_to timestamptz, p_wake_at timestamptz, p_status text, p_has_queued bool,
  p_due timestamptz[], p_until timestamptz[], p_count int[], p_outcome text[], p_request text[], p_run uuid[], p_message text[]
) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_schedule record;
  v_refusal text;
begin
  update baton.schedule s
     set decided_to = p_decided_to, wake_at = p_wake_at, status = p_status, has_queued = p_has_queued
   where s.schedule_id = p_schedule and s.version = p_version and s.status <> 'paused'
     and s.decided_to = p_seen_to and s.has_queued = p_seen_queued
   returning * into v_schedule;
  if not found then return false; end if;
  if 'started' = any (p_outcome) then
    v_refusal := baton.schedule_refusal(v_schedule.created_by, coalesce(v_schedule.owned_since, v_schedule.made_at),
                                        v_schedule.name, v_schedule.run);
  end if;
  if v_refusal is not null then
    update baton.schedule s
       set version = s.version + 1, status = 'paused', wake_at = null, has_queued = false, stopped_for = v_refusal,
           stopped_at = clock_timestamp()
     where s.schedule_id = p_schedule;
    update baton.schedule_firing f set outcome = 'missed', at = clock_timestamp()
     where f.schedule_id = p_schedule and f.outcome = 'queued';
    insert into baton.schedule_firing as f (schedule_id, due_at, until_at, count, outcome)
      select p_schedule, d.due, d.until, d.count, case when d.outcome in ('started', 'queued') then 'missed' else d.outcome end
        from unnest(p_due, p_until, p_count, p_outcome) as d(due, until, count, outcome)
    on conflict (schedule_id, due_at, is_manual) do nothing;
    insert into baton.dead_letter (source, name, reason, message, is_refused)
      values ('schedule', v_schedule.name, 'schedule-stopped: ' || v_refusal,
              json_build_object('schedule', v_schedule.name, 'stoppedFor', v_refusal, 'createdBy', v_schedule.created_by)::text, true);
    return false;
  end if;
  insert into baton.schedule_firing as f (schedule_id, due_at, until_at, count, outcome, request_id, run_id)
    select p_schedule, d.due, d.until, d.count, d.outcome, d.request, d.run
      from unnest(p_due, p_until, p_count, p_outcome, p_request, p_run) as d(due, until, count, outcome, request, run)
  on conflict (schedule_id, due_at, is_manual) do update
    set outcome = excluded.outcome, request_id = excluded.request_id, run_id = excluded.run_id, at = clock_timestamp()
    where f.outcome = 'queued';
  insert into baton.inbox (request_id, name, message, begins)
    select d.request, 'submit', d.message::json, d.run
      from unnest(p_request, p_run, p_message) as d(request, run, message)
     where d.message is not null and not exists (select from baton.request r where r.request_id = d.request)
  on conflict do nothing;
  -- What a schedule of every few seconds did long ago helps nobody.
  delete from baton.schedule_firing f
   where f.schedule_id = p_schedule and f.due_at < clock_timestamp() - interval '90 days' and f.outcome <> 'queued';
  return true;
end $$;
revoke all on function baton.fire_schedule from public;
grant execute on function baton.fire_schedule to baton_hub;
