-- What an earlier task said, for the one that goes on with it. The message of the open command names the earlier one in front of
-- everything else, where nothing can stand that a workflow or its input says. By its text, since arguments may hold \u0000.
create function baton.journal_before(p_command text, p_earlier text, p_call int) returns json
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select j.response from baton.llm_journal j
   where j.command_id = p_earlier and j.call_index = p_call
     and (baton.owns_schema(session_user)
          or exists (select from baton.command c
                      where c.command_id = p_command and baton.serves(session_user, c.queue)
                        and position('"commandId":"' || p_earlier || '"' in
                                     substring(c.message::text from '^\{"continues":\[[^]]*\]')) > 0))
$$;
revoke all on function baton.journal_before from public;
grant execute on function baton.journal_before to baton_worker;
