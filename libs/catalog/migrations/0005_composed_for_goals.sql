-- What was composed for a goal is published by the hub, at the bidding of the run that composed it: a row more, and nothing else.
-- Names of that form alone come this way, so none of these can stand for another, and the table stays closed to the hub.
create function baton.publish_composed(
  p_name text, p_version text, p_sha256 bytea, p_document json, p_by json, p_default_language text
) returns timestamptz language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare
  v_at timestamptz;
begin
  if p_name !~ '^goal-[0-9a-f]{16}$' then
    raise exception 'a run publishes what was composed for a goal, and nothing else'
      using errcode = 'insufficient_privilege', hint = 'Publish other documents with baton workflow publish.';
  end if;
  insert into baton.workflow (name, version, sha256, document, published_by, default_language)
  values (p_name, p_version, p_sha256, p_document, p_by, p_default_language)
  on conflict do nothing
  returning published_at into v_at;
  return v_at;
end $$;
revoke all on function baton.publish_composed from public;
grant execute on function baton.publish_composed to baton_hub;
