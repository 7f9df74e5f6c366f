-- version: 1
-- Makes blobs young that are about to be named by somebody who did not put them just now, and those that a list among them names,
-- as a tree does its files: they stay for as long as if they had been put.
create or replace function baton.hold_blobs(p_sha256 bytea[]) returns void
language sql security definer set search_path = pg_catalog, baton, pg_temp as $$
  with named as (
    select h.sha256 from unnest(p_sha256[1:100]) as h(sha256)
    union
    select inner_name from baton.blob b, baton.hashes_in(encode(b.content, 'escape')) as inner_name
     where b.sha256 = any (p_sha256[1:100]) and b.size <= 16777216 and get_byte(substring(b.content from 1 for 1), 0) = 91
  ), old as (
    select b.sha256 from baton.blob b join named using (sha256)
     where b.at < clock_timestamp() - interval '1 day' order by b.sha256 for update of b
  )
  update baton.blob b set at = clock_timestamp() from old where b.sha256 = old.sha256
$$;
revoke all on function baton.hold_blobs from public;
grant execute on function baton.hold_blobs to baton_gateway;
