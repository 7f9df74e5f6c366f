-- version: 1
-- What sealed values of a run name, told by whoever could open them while the search for blobs waits for that; runs come in the
-- order of their ids. Without a run: there is none left. It can keep blobs from being removed, and nothing else.
create or replace function baton.mark_sealed(p_run uuid, p_sha256 bytea[], p_is_last boolean) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  perform from baton.blob_sweep s where s.phase = 'sealed' for update;
  if not found then return; end if;
  perform baton.mark_blobs(p_sha256);
  if p_run is null then
    update baton.blob_sweep set phase = 'blobs', after = null;
  elsif p_is_last then
    update baton.blob_sweep set after = array[p_run::text];
  end if;
end $$;
revoke all on function baton.mark_sealed from public;
grant execute on function baton.mark_sealed to baton_gateway;
