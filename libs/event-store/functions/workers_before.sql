-- version: 1
-- The living workers of the same kind that take tasks and began before this one, with what they say to take and to give; and whether
-- they were heard since this one began: who was not may be gone. A worker sees by it whether it may work beside them (ADR 75).
create or replace function baton.workers_before(p_worker uuid)
returns table (version text, host text, pid integer, input_schema text, output_schema text, is_heard boolean)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
begin
  return query
    select w.version, w.host, w.pid, w.input_schema, w.output_schema, w.seen_at > mine.started_at
      from baton.worker mine join baton.worker w on w.kind = mine.kind
     where mine.worker_id = p_worker and (w.started_at, w.worker_id) < (mine.started_at, mine.worker_id)
       and w.stopped_at is null and not w.is_draining and w.seen_at > clock_timestamp() - interval '10 seconds'
     order by w.started_at, w.worker_id;
end $$;
revoke all on function baton.workers_before from public;
grant execute on function baton.workers_before to baton_worker;
