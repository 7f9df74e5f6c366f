-- One more kind of worker is a service of Baton: what reads the items of Maps and writes their results, beside the deployer and
-- under its login. Nobody else takes its tasks.
create or replace function baton.serves(p_login name, p_queue text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case
    when p_login = 'baton_login_worker'
      then p_queue like 'worker-%'
       and p_queue <> all (array['worker-planner', 'worker-validator', 'worker-programmer', 'worker-tester', 'worker-prompt', 'worker-advisor', 'worker-deployer', 'worker-map-items'])
    when p_login = 'baton_login_deployer' then p_queue in ('worker-deployer', 'worker-map-items')
    when p_login like 'baton\_login\_%' then p_queue = 'worker-' || substr(p_login, 13)
    else baton.owns_schema(p_login)
  end
$$;
