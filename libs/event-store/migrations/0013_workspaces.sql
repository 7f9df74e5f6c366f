-- Workspaces: what a client uploads the gateway stores, as blobs. It may put nothing larger than a file of a workspace or the
-- text of the largest tree, so that no upload becomes one blob of any size.
create function baton.put_upload(p_content bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  if octet_length(p_content) > 16777216 then
    raise exception 'an upload of % bytes is too large', octet_length(p_content) using errcode = 'program_limit_exceeded';
  end if;
  return baton.put_blob(p_content);
end $$;
revoke all on function baton.put_upload from public;
grant execute on function baton.put_upload to baton_gateway;
