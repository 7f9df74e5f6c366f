-- version: 1
-- A worker that does not begin, because it cannot work beside those of its kind that are there: noted where operators look, once for
-- each reason however often it is started again, and it counts as stopped.
create or replace function baton.refuse_worker(p_worker uuid, p_reason text) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_worker record;
begin
  update baton.worker w set stopped_at = clock_timestamp() where w.worker_id = p_worker returning * into v_worker;
  if not found then return; end if;
  insert into baton.dead_letter (source, name, reason, message, is_refused)
    select 'worker-' || v_worker.kind, 'worker', left(p_reason, 4000),
           json_build_object('workerId', p_worker, 'kind', v_worker.kind, 'version', v_worker.version, 'host', v_worker.host,
                             'pid', v_worker.pid)::text, true
     where not exists (select from baton.dead_letter d
                        where d.is_refused and d.source = 'worker-' || v_worker.kind and d.reason = left(p_reason, 4000)
                          and d.at > clock_timestamp() - interval '1 day');
end $$;
revoke all on function baton.refuse_worker from public;
grant execute on function baton.refuse_worker to baton_worker;
