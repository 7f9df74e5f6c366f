-- version: 2
-- Moves the head of a lineage from one tree to another, for an open command of the hub; the one place where that is done.
-- `landed`: the head is p_tree. The same command gets the same answer, however often it asks.
-- `moved`: the head is another one, which comes back, and no version was written. The run is next from then on, if nobody is:
-- it merges, and lands before all others, who ask again until it has (`waits`, with the run that is next). It is next for as
-- long as the checks of most take, and no longer once it waits for a person, is paused or over; so nobody waits for ever.
-- `unknown-base`: p_from was never a version. `no-lineage`, `no-tree`: it is not there. `closed`: nobody waits for the command.
-- The row of the command is held, so that its run cannot give it up, or be given up, between the question and the answer.
create or replace function baton.land_version(
  p_command text, p_lineage text, p_from bytea, p_tree bytea, p_state text, p_actor text
) returns table (outcome text, number int, tree bytea, run_id uuid)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
#variable_conflict use_column
declare
  v_run constant uuid := left(p_command, 36)::uuid;
  v_head baton.lineage_version;
  v_next baton.lineage_next;
begin
  perform from baton.command c where c.command_id = p_command for share;
  if not found then return query select 'closed', null::int, null::bytea, null::uuid; return; end if;
  perform from baton.lineage l where l.name = p_lineage for update;
  if not found then return query select 'no-lineage', null::int, null::bytea, null::uuid; return; end if;

  select v.* into v_head from baton.lineage_version v where v.command_id = p_command;
  if found then return query select 'landed', v_head.number, v_head.tree, v_head.run_id; return; end if;

  select v.* into strict v_head from baton.lineage_version v where v.lineage = p_lineage order by v.number desc limit 1;
  if v_head.tree = p_tree then return query select 'landed', v_head.number, v_head.tree, v_head.run_id; return; end if;
  if not exists (select from baton.lineage_version v where v.lineage = p_lineage and v.tree = p_from) then
    return query select 'unknown-base', v_head.number, v_head.tree, v_head.run_id;
    return;
  end if;
  if not exists (select from baton.blob b where b.sha256 = p_tree) then
    return query select 'no-tree', null::int, null::bytea, null::uuid;
    return;
  end if;

  select n.* into v_next from baton.lineage_next n
    where n.lineage = p_lineage and n.until > clock_timestamp()
      and exists (select from baton.command c where c.run_id = n.run_id)
      and not exists (select from baton.command c where c.run_id = n.run_id and c.name = 'approval');
  if v_next.run_id <> v_run then
    return query select 'waits', null::int, null::bytea, v_next.run_id;
    return;
  end if;
  if v_head.tree <> p_from then
    -- Who is next already does not become it anew: a run that only asks would keep all others waiting.
    if v_next.run_id is null then
      insert into baton.lineage_next (lineage, run_id, until)
        values (p_lineage, v_run, clock_timestamp() + interval '10 minutes')
        on conflict (lineage) do update set run_id = excluded.run_id, until = excluded.until;
    end if;
    return query select 'moved', v_head.number, v_head.tree, v_head.run_id;
    return;
  end if;
  delete from baton.lineage_next n where n.lineage = p_lineage;
  insert into baton.lineage_version (lineage, number, tree, command_id, run_id, state, actor)
    values (p_lineage, v_head.number + 1, p_tree, p_command, v_run, p_state, p_actor::json);
  return query select 'landed', v_head.number + 1, p_tree, v_run;
end $$;
revoke all on function baton.land_version from public;
grant execute on function baton.land_version to baton_hub;
