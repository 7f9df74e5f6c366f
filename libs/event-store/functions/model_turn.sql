-- version: 1
-- Whether a call of a model may be made now. Whoever is told to wait asks again after so many milliseconds, which keeps its turn;
-- who does not for five seconds has lost it. A call that was let in counts as under way until it ends, or until fifteen seconds
-- after its holder was last heard, and in the minute for sixty seconds, whatever became of it. Calls of one model are let in in the
-- order in which they came, and so are those that wait for the limit of all models: a large one is never overtaken for ever.
-- p_now is for tests; those who work here have no right to say what time it is.
create or replace function baton.model_turn_at(
  p_now timestamptz, p_call uuid, p_model text, p_is_offline boolean, p_command text, p_tokens bigint,
  out is_limited boolean, out may_begin boolean, out wait_ms int
)
language plpgsql set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_models json := (select l.policy -> 'models' from baton.limits l);
  v_own json := v_models -> 'named' -> p_model;
  v_all json;
  v_limit json;
  v_now timestamptz(3);
  v_tokens bigint;
  v_turn bigint;
  v_begun timestamptz;
  v_count record;
begin
  is_limited := false;
  may_begin := true;
  wait_ms := 0;
  if not p_is_offline then
    v_own := coalesce(v_own, v_models -> 'each');
    v_all := v_models -> 'all';
  end if;
  if v_own is null and v_all is null then return; end if;
  is_limited := true;
  perform from baton.model_count for update;
  v_now := coalesce(p_now, clock_timestamp());

  delete from baton.model_call c
   where (c.lease_until < v_now or c.ended_at is not null) and (c.begun_at is null or c.begun_at <= v_now - interval '60 seconds');
  -- What could never be let in alone is let in when there is nothing else.
  v_tokens := least(p_tokens, (v_own ->> 'tokensPerMinute')::bigint, (v_all ->> 'tokensPerMinute')::bigint);
  insert into baton.model_call as c (call_id, model, is_offline, command_id, tokens, asked_at, lease_until)
    values (p_call, p_model, p_is_offline, p_command, v_tokens, v_now, v_now + interval '5 seconds')
    on conflict (call_id) do update set lease_until = greatest(c.lease_until, excluded.lease_until)
    returning c.turn, c.begun_at into v_turn, v_begun;
  -- Its answer was lost.
  if v_begun is not null then return; end if;

  if exists (select from baton.model_call c
              where c.begun_at is null and c.turn < v_turn
                and (c.model = p_model or (v_all is not null and c.waits_for_all and not c.is_offline))) then
    may_begin := false;
    wait_ms := 250;
    return;
  end if;
  for v_scope in 1 .. 2 loop
    v_limit := case v_scope when 1 then v_own else v_all end;
    continue when v_limit is null;
    select count(*) filter (where c.ended_at is null and c.lease_until >= v_now) as under_way,
           count(*) filter (where c.begun_at > v_now - interval '60 seconds') as requests,
           coalesce(sum(c.tokens) filter (where c.begun_at > v_now - interval '60 seconds'), 0) as tokens,
           min(c.begun_at) filter (where c.begun_at > v_now - interval '60 seconds') as oldest
      into v_count
      from baton.model_call c
     where c.begun_at is not null and (case v_scope when 1 then c.model = p_model else not c.is_offline end);
    if v_count.under_way >= (v_limit ->> 'atOnce')::int then
      may_begin := false;
      wait_ms := 250;
    elsif v_count.requests >= (v_limit ->> 'requestsPerMinute')::int
       or v_count.tokens + v_tokens > (v_limit ->> 'tokensPerMinute')::bigint then
      may_begin := false;
      -- Where it waits for tokens, some may be given back before.
      wait_ms := least(1000, greatest(50, ceil(extract(epoch from v_count.oldest + interval '60 seconds' - v_now) * 1000)));
    end if;
    if not may_begin then
      update baton.model_call c set waits_for_all = (v_scope = 2) where c.call_id = p_call;
      return;
    end if;
  end loop;
  update baton.model_call c set begun_at = v_now, lease_until = v_now + interval '15 seconds' where c.call_id = p_call;
end $$;
revoke all on function baton.model_turn_at from public;

create or replace function baton.model_turn(
  p_call uuid, p_model text, p_is_offline boolean, p_command text, p_tokens bigint,
  out is_limited boolean, out may_begin boolean, out wait_ms int
)
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
begin
  select t.is_limited, t.may_begin, t.wait_ms into is_limited, may_begin, wait_ms
    from baton.model_turn_at(null, p_call, p_model, p_is_offline, p_command, p_tokens) as t;
end $$;
revoke all on function baton.model_turn from public;
grant execute on function baton.model_turn to baton_worker;
