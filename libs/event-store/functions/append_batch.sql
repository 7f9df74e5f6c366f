-- version: 7
-- The current definition: migrations 0002 and 0004 hold former ones. See README.md beside this file before you change it.

-- The one writer of the log. All or nothing: on a conflict nothing is written and one row per offender comes back.
-- Items (i_*) are numbered by their place, from 1; the other arrays name the item they belong to.
-- Flat INSERT … SELECT unnest with these planner settings was the fastest form in experiments: joins over unnest were
-- planned while the tables were small and stayed bad. Before Postgres 18 a disabled plan costs so much on paper that every
-- call would be compiled: 40 ms an append instead of 1, hence no JIT.
create or replace function baton.append_batch(
  p_lane smallint, p_fence bigint, p_dispatched_seq bigint,
  i_run uuid[], i_expected int[], i_version int[], i_status smallint[], i_first int[], i_last int[],
  i_parent text[],
  k_item int[], k_command text[],
  r_item int[], r_request text[],
  e_run uuid[], e_version int[], e_type text[], e_schema smallint[], e_id uuid[], e_causation text[], e_correlation text[],
  e_at timestamptz[], e_actor text[], e_data text[], e_leaf bytea[],
  c_id text[], c_run uuid[], c_queue text[], c_name text[], c_message text[], c_priority smallint[],
  c_not_before timestamptz[], c_deadline timestamptz[], c_heartbeat float8[]
) returns table (item int, reason text, key text, head bigint, seq bigint, at timestamptz)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
  v_head bigint;
  v_seq bigint;
  v_size bigint;
  v_dispatched bigint;
  v_now timestamptz(3);
  v_conflicts int := 0;
  v_version int;  -- of the only run of the batch
  v_is_one boolean := cardinality(i_run) = 1 and cardinality(k_command) <= 1;
  v_has_caps boolean;
  v_runs json;
begin
  select l.head, l.command_seq, l.partition_size, l.has_caps into strict v_head, v_seq, v_size, v_has_caps from baton.log l for update;
  v_now := clock_timestamp();

  -- The lock of the log keeps it so until the end: see claim_lane.
  select l.dispatched_seq into v_dispatched from baton.lane l where l.lane = p_lane and l.fence = p_fence;
  if not found then
    raise exception 'lane % is fenced', p_lane using errcode = 'BT001';
  end if;
  -- A hub saves it each second; in between a row that is written by each append costs a tenth of it.
  if p_dispatched_seq > v_dispatched + 100 then
    update baton.lane l set dispatched_seq = p_dispatched_seq where l.lane = p_lane;
  end if;

  -- What a batch has none of is not looked for: each statement costs, and most batches of a quiet hub are one result of one run.
  if cardinality(r_request) > 0 then
    for item, reason, key in
      select q.item, 'request-seen', q.request from unnest(r_item, r_request) as q(item, request)
       where exists (select from baton.request s where s.request_id = q.request)
      union all
      -- A run that is in an archive has begun long ago, whatever is remembered of what asked for it. Not as an `or` of the
      -- condition above: that would read the whole table of requests into memory, on the paper of a small table for ever.
      select q.item, 'request-seen', q.request from unnest(r_item, r_request) as q(item, request)
       where i_expected[q.item] = 0 and exists (select from baton.archived_run a where a.run_id = i_run[q.item])
         and not exists (select from baton.request s where s.request_id = q.request)
    loop
      v_conflicts := v_conflicts + 1;
      return next;
    end loop;
  end if;
  -- One result of one run is what a quiet hub has most of: without joins over what stands in the arrays its append costs 6 % less.
  if v_is_one then
    v_version := coalesce((select s.version from baton.stream s where s.run_id = i_run[1]), 0);
    if cardinality(k_command) = 1 and not exists (
         select from baton.command c where c.command_id = k_command[1] and c.run_id = i_run[1]) then
      item := 1; reason := 'command-gone'; key := k_command[1];
      v_conflicts := v_conflicts + 1;
      return next;
    end if;
    if v_version <> i_expected[1] then
      item := 1; reason := 'version-conflict'; key := i_run[1]::text;
      v_conflicts := v_conflicts + 1;
      return next;
    end if;
  else
    for item, reason, key in
      select k.item, 'command-gone', k.command from unnest(k_item, k_command) as k(item, command)
       where not exists (select from baton.command c where c.command_id = k.command and c.run_id = i_run[k.item])
      union all
      select i.n::int, 'version-conflict', i.run::text
        from unnest(i_run, i_expected) with ordinality as i(run, expected, n)
       where coalesce((select s.version from baton.stream s where s.run_id = i.run), 0) <> i.expected
    loop
      v_conflicts := v_conflicts + 1;
      return next;
    end loop;
  end if;
  -- A run that begins and goes on needs a place of each cap that holds for it, unless another run asked for it. A line of its own
  -- for each cap, in the order of the batch: who is refused here for another comes again.
  if v_has_caps and v_conflicts = 0 then
    v_runs := (select l.policy -> 'runs' from baton.limits l);
    for item, reason, key in
      with asked as materialized (
        select i.n::int as item, k.key, k.most, row_number() over (partition by k.key order by i.n) as nth
          from unnest(i_run, i_expected, i_status, i_first, i_last, i_parent) with ordinality as i(run, expected, status, first, last, parent, n)
         cross join lateral baton.place_facts(e_type[i.first], e_data[i.first]::json) as f
         cross join lateral baton.place_keys(v_runs, f.submitter, f.workflow, f.labels) as k
         where i.expected = 0 and i.status = 0 and i.parent is null and i.last >= i.first),
      taken as materialized (
        select a.key, (select count(*) from baton.place_key p where p.key = a.key) as count from (select distinct b.key from asked b) as a)
      select distinct on (a.item) a.item, 'no-place', a.key
        from asked a join taken t on t.key = a.key where t.count + a.nth > a.most order by a.item, a.key
    loop
      v_conflicts := v_conflicts + 1;
      return next;
    end loop;
  end if;
  if v_conflicts > 0 then return; end if;

  if v_has_caps then
    delete from baton.place p where p.run_id in (select i.run from unnest(i_run, i_status) as i(run, status) where i.status = 1);
    if cardinality(r_request) > 0 then
      delete from baton.waiting_run w where w.request_id = any(r_request);
    end if;
    -- A run that is retried goes on, whether there is room or not, and counts.
    with entered as (
      insert into baton.place (run_id, submitter, workflow, labels)
        select i.run, f.submitter, f.workflow, f.labels
          from unnest(i_run, i_status, i_first, i_last, i_parent) as i(run, status, first, last, parent)
         cross join lateral (
           select g.n from generate_series(i.first, i.last) as g(n)
            where e_type[g.n] in ('RunStarted', 'RunForked', 'RunRetried') order by g.n limit 1) as b
         cross join lateral baton.place_facts(e_type[b.n], e_data[b.n]::json) as f
         where i.status = 0 and i.parent is null
        on conflict do nothing returning run_id, submitter, workflow, labels)
    insert into baton.place_key (key, run_id)
      select k.key, n.run_id from entered n cross join lateral baton.place_keys(v_runs, n.submitter, n.workflow, n.labels) as k;
  end if;

  if cardinality(k_command) = 1 then
    delete from baton.command c where c.command_id = k_command[1];
  elsif cardinality(k_command) > 1 then
    delete from baton.command c where c.command_id = any(k_command);
  end if;
  if cardinality(r_request) > 0 then
    delete from baton.inbox b where b.request_id = any(r_request);
    insert into baton.request (request_id, run_id)
      select q.request, i_run[q.item] from unnest(r_item, r_request) as q(item, request);
  end if;

  if v_version > 0 and i_last[1] >= i_first[1] then
    update baton.stream s
       set version = i_version[1], status = i_status[1], last_position = v_head + i_last[1], parent_command = i_parent[1]
     where s.run_id = i_run[1];
  else
    insert into baton.stream as s (run_id, version, status, first_position, last_position, parent_command)
      select i.run, i.version, i.status, v_head + i.first, v_head + i.last, i.parent
        from unnest(i_run, i_version, i_status, i_first, i_last, i_parent) as i(run, version, status, first, last, parent)
       where i.last >= i.first
      on conflict (run_id) do update
        set version = excluded.version, status = excluded.status, last_position = excluded.last_position,
            parent_command = excluded.parent_command;
  end if;

  -- A partition is made half a partition ahead, so that its creation never waits for the first event in it.
  if (v_head + cardinality(e_id) + v_size / 2) / v_size > v_head / v_size then
    perform baton.ensure_partition(p.number * v_size)
       from generate_series(v_head / v_size, (v_head + cardinality(e_id) + v_size / 2) / v_size) as p(number);
  end if;
  insert into baton.event (position, run_id, version, type, schema_version, event_id, causation_id, correlation_id,
                           recorded_at, actor, data, leaf_hash)
    select v_head + e.n, e.run, e.version, e.type, e.schema, e.id, e.causation, e.correlation, e.at, e.actor::json, e.data::json, e.leaf
      from unnest(e_run, e_version, e_type, e_schema, e_id, e_causation, e_correlation, e_at, e_actor, e_data, e_leaf)
           with ordinality as e(run, version, type, schema, id, causation, correlation, at, actor, data, leaf, n);

  if cardinality(c_id) = 1 then
    insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority, not_before, deadline, created_at,
                               heartbeat_seconds, heartbeat_deadline)
      values (v_seq + 1, c_id[1], p_lane, c_run[1], c_queue[1], c_name[1], c_message[1]::json, c_priority[1],
              c_not_before[1], c_deadline[1], v_now,
              c_heartbeat[1], greatest(v_now, c_not_before[1]) + c_heartbeat[1] * interval '1 second');
  elsif cardinality(c_id) > 0 then
    insert into baton.command (seq, command_id, lane, run_id, queue, name, message, priority, not_before, deadline, created_at,
                               heartbeat_seconds, heartbeat_deadline)
      select v_seq + c.n, c.id, p_lane, c.run, c.queue, c.name, c.message::json, c.priority, c.not_before, c.deadline, v_now,
             c.heartbeat, greatest(v_now, c.not_before) + c.heartbeat * interval '1 second'
        from unnest(c_id, c_run, c_queue, c_name, c_message, c_priority, c_not_before, c_deadline, c_heartbeat)
             with ordinality as c(id, run, queue, name, message, priority, not_before, deadline, heartbeat, n);
  end if;

  update baton.log l set head = v_head + cardinality(e_id), command_seq = v_seq + cardinality(c_id);
  item := null; reason := 'written'; key := null; head := v_head; seq := v_seq; at := v_now;
  return next;
end $$;
revoke all on function baton.append_batch from public;
grant execute on function baton.append_batch to baton_hub;
