-- version: 1
-- Why somebody may start no more runs of a schedule that became theirs at a time; null: they may. As the gateway asks it of whoever
-- submits a run, or has made a hook. The key is held until the transaction ends: who revokes it meanwhile waits, and whoever
-- was told that it is revoked knows that nothing is started by it any more. A key that was made again under its name is another.
create or replace function baton.schedule_refusal(p_maker json, p_since timestamptz, p_schedule text, p_run json) returns text
language plpgsql set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_key record;
  v_is_theirs boolean;
begin
  -- Of a user nobody can ask what they may while they are away.
  if p_maker->>'type' <> 'apikey' then return 'maker-away'; end if;
  -- Whoever has the token of the stack.
  if p_maker->>'id' = 'local-admin' then return null; end if;
  -- Twice: one that was replaced while it was waited for is over, and the other is there only for a second look.
  for v_try in 1..2 loop
    select k.roles, k.scope, k.expires_at into v_key from baton.api_key k
     where k.name = p_maker->>'id' and k.revoked_at is null and k.replaced_at is null for share;
    exit when found;
  end loop;
  if v_key.roles is null or exists (select from baton.api_key k where k.name = p_maker->>'id' and k.revoked_at >= p_since) then
    return 'key-revoked';
  end if;
  if v_key.expires_at <= clock_timestamp() then return 'key-expired'; end if;
  if not v_key.roles && array['submitter', 'admin'] then return 'key-without-role'; end if;
  if v_key.scope is null then return null; end if;
  begin
    v_is_theirs := (v_key.scope->'workflows' is null
                    or v_key.scope::jsonb->'workflows' ? split_part(p_run->>'workflow', '@', 1))
      and (v_key.scope->'labels' is null
           or coalesce((p_run->'labels')::jsonb, '{}') || jsonb_build_object('schedule', p_schedule) @> (v_key.scope::jsonb->'labels'));
  exception when others then
    -- An input may hold what the operators of json cannot read. What cannot be looked at is nobody's.
    v_is_theirs := false;
  end;
  return case when v_is_theirs then null else 'key-out-of-scope' end;
end $$;
revoke all on function baton.schedule_refusal from public;
