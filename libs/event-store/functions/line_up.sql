-- version: 1
-- Requests whose runs are to wait for a place. One that no gateway accepted comes into the inbox for that, where it has not had
-- its effect; one that is not there any more has had it. Done again it changes nothing.
create or replace function baton.line_up(
  p_request text[], p_name text[], p_message text[], p_run uuid[], p_submitter text[], p_workflow text[], p_labels text[],
  p_priority smallint[], p_view text[]
) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_runs json := (select l.policy -> 'runs' from baton.limits l);
begin
  insert into baton.inbox (request_id, name, message, begins, is_vouched)
    select a.request, a.name, a.message::json, a.run, false
      from unnest(p_request, p_name, p_message, p_run) as a(request, name, message, run)
     where a.message is not null and not exists (select from baton.request r where r.request_id = a.request)
    on conflict do nothing;
  insert into baton.waiting_run (request_id, run_id, submitter, workflow, labels, priority, keys, most, line, view)
    select a.request, a.run, a.submitter, a.workflow, a.labels, a.priority, n.keys, n.most,
           encode(sha256(convert_to(concat_ws(chr(31), a.submitter, array_to_string(n.keys, chr(31))), 'UTF8')), 'hex'), a.view::json
      from (select u.request, u.run, u.submitter, u.workflow, baton.readable(u.labels::json) as labels, u.priority, u.view
              from unnest(p_request, p_run, p_submitter, p_workflow, p_labels, p_priority, p_view)
                   as u(request, run, submitter, workflow, labels, priority, view)) as a
      join baton.inbox b on b.request_id = a.request
     cross join lateral (
       select coalesce(array_agg(k.key order by k.key), '{}') as keys, coalesce(array_agg(k.most order by k.key), '{}') as most
         from baton.place_keys(v_runs, a.submitter, a.workflow, a.labels) as k) as n
    on conflict do nothing;
end $$;
revoke all on function baton.line_up from public;
grant execute on function baton.line_up to baton_hub;
