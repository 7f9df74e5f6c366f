-- version: 1
-- Writes down what became of due times of a schedule, and asks for the runs that are to start: all of it, or nothing where the
-- schedule is not any more what whoever decided that has seen. Returns whether it was written.
create or replace function baton.fire_schedule(
  p_schedule uuid, p_version int, p_seen_to timestamptz, p_seen_queued bool,
  p_decided_to timestamptz, p_wake_at timestamptz, p_status text, p_has_queued bool,
  p_due timestamptz[], p_until timestamptz[], p_count int[], p_outcome text[], p_request text[], p_run uuid[], p_message text[]
) returns boolean
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  update baton.schedule s
     set decided_to = p_decided_to, wake_at = p_wake_at, status = p_status, has_queued = p_has_queued
   where s.schedule_id = p_schedule and s.version = p_version and s.status <> 'paused'
     and s.decided_to = p_seen_to and s.has_queued = p_seen_queued;
  if not found then return false; end if;
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
