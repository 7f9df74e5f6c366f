-- version: 1
-- The owner says how much may be under way at once; null: there are no limits. With the lock of the log, so that no run begins
-- by former ones: those that are under way get the places that they take, those that wait are told before which caps.
create or replace function baton.set_limits(p_policy json) returns bigint
language plpgsql set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_runs json := p_policy -> 'runs';
  v_number bigint;
begin
  perform from baton.log for update;
  update baton.limits l set policy = p_policy, number = l.number + 1, changed_at = clock_timestamp() returning l.number into v_number;
  update baton.log set has_caps = (v_runs is not null and json_typeof(v_runs) <> 'null');
  delete from baton.place_key;
  if v_runs is null or json_typeof(v_runs) = 'null' then
    delete from baton.place;
    update baton.waiting_run w set keys = '{}', most = '{}', line = encode(sha256(convert_to(w.submitter || chr(31), 'UTF8')), 'hex');
    return v_number;
  end if;
  insert into baton.place (run_id, submitter, workflow, labels)
    select s.run_id, f.submitter, f.workflow, f.labels
      from baton.stream s
      join baton.event e on e.run_id = s.run_id and e.version = 1
     cross join lateral baton.place_facts(e.type, e.data) as f
     where s.status <> 1 and s.parent_command is null
    on conflict do nothing;
  delete from baton.place p where exists (select from baton.stream s where s.run_id = p.run_id and s.status = 1);
  insert into baton.place_key (key, run_id)
    select k.key, p.run_id from baton.place p cross join lateral baton.place_keys(v_runs, p.submitter, p.workflow, p.labels) as k;
  update baton.waiting_run w
     set keys = n.keys, most = n.most, line = encode(sha256(convert_to(concat_ws(chr(31), w.submitter, array_to_string(n.keys, chr(31))), 'UTF8')), 'hex')
    from baton.waiting_run o
   cross join lateral (
     select coalesce(array_agg(k.key order by k.key), '{}') as keys, coalesce(array_agg(k.most order by k.key), '{}') as most
       from baton.place_keys(v_runs, o.submitter, o.workflow, o.labels) as k) as n
   where o.request_id = w.request_id;
  return v_number;
end $$;
revoke all on function baton.set_limits from public;
