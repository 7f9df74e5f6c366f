-- version: 1
-- Stores the documents that events of the same statement name, and sees to it that all of them are there: `append` calls it
-- beside append_batch, so both are one transaction. A body may be null where the caller has seen its document stored; should
-- it not be there (an older state of the database was restored under the caller), nothing is written and the caller gives it.
create or replace function baton.name_documents(p_sha256 bytea[], p_body text[]) returns int
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_missing bytea;
begin
  insert into baton.document (sha256, body)
    select d.sha256, d.body from unnest(p_sha256, p_body) as d(sha256, body) where d.body is not null
    on conflict (sha256) do nothing;
  select n.sha256 into v_missing from unnest(p_sha256) as n(sha256)
   where not exists (select from baton.document d where d.sha256 = n.sha256) limit 1;
  if found then
    raise exception 'document % is not there', encode(v_missing, 'hex') using errcode = 'BT002';
  end if;
  return cardinality(p_sha256);
end $$;
revoke all on function baton.name_documents from public;
grant execute on function baton.name_documents to baton_hub;
