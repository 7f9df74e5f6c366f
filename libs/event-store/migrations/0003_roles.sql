-- Least rights. The hub writes the log through append_batch alone; nobody has INSERT, UPDATE or DELETE on it.
revoke all on all tables in schema baton from public;
revoke all on all functions in schema baton from public;
grant usage on schema baton to baton_hub, baton_gateway, baton_worker;

grant select on all tables in schema baton to baton_hub;
grant execute on function baton.append_batch, baton.claim_lane, baton.renew_lane, baton.save_dispatched to baton_hub;
grant update (dispatch_no) on baton.command to baton_hub;
grant update (status) on baton.stream to baton_hub;
grant delete on baton.inbox to baton_hub;
grant insert on baton.dead_letter to baton_hub;
grant insert on baton.blob to baton_hub;

grant select on all tables in schema baton to baton_gateway;
revoke select on baton.llm_journal from baton_gateway;
grant insert on baton.inbox to baton_gateway;

grant select, insert on baton.blob, baton.llm_journal to baton_worker;
grant insert on baton.dead_letter to baton_worker;
grant select on baton.schema_version to baton_hub, baton_gateway, baton_worker;
