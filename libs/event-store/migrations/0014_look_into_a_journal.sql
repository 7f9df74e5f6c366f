-- Whoever may look into a step sees what was said in it, also when it is over; workers read the journals of their own open
-- commands alone.
create function baton.journal_of(p_command text) returns table (call_index integer, response json)
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select j.call_index, j.response from baton.llm_journal j where j.command_id = p_command order by j.call_index limit 1000
$$;
revoke all on function baton.journal_of from public;
grant execute on function baton.journal_of to baton_gateway;
