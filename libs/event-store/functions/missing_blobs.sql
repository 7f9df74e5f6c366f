-- version: 1
-- For the audit: those of these blobs that are not there.
create or replace function baton.missing_blobs(p_sha256 bytea[]) returns setof bytea
language sql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
  select n.sha256 from unnest(p_sha256) as n(sha256) where not exists (select from baton.blob b where b.sha256 = n.sha256)
$$;
revoke all on function baton.missing_blobs from public;
grant execute on function baton.missing_blobs to baton_gateway;
