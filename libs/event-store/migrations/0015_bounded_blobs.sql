-- A worker of anybody's may store what its results and its files need, and not fill the disk with one call.
create or replace function baton.put_blob(p_content bytea) returns bytea
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
declare v_sha256 bytea := sha256(p_content);
begin
  if octet_length(p_content) > 64 * 1024 * 1024 then
    raise exception 'a blob has at most 64 MiB, and this one has % bytes', octet_length(p_content)
      using errcode = 'program_limit_exceeded';
  end if;
  insert into baton.blob (sha256, size, content) values (v_sha256, octet_length(p_content), p_content)
    on conflict (sha256) do nothing;
  return v_sha256;
end $$;
