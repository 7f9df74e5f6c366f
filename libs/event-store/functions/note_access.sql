-- version: 1
-- Adds an entry to the log of access, and nobody adds one otherwise. What is hashed: the hash of the entry before, then each
-- field in the order of the columns as `<its bytes>:<its text in UTF-8>;`, or `-;` where there is none. The row of the head
-- keeps the order: who adds waits for whoever added before.
create or replace function baton.note_access(p_kind text, p_actor text, p_address text, p_route text, p_code text, p_about text,
  p_count integer, p_detail text) returns bigint
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
declare
  v_head baton.access_head;
  v_at bigint;
  v_text text := '';
  v_field text;
  v_hash bytea;
begin
  select * into v_head from baton.access_head for update;
  v_at := floor(extract(epoch from clock_timestamp()) * 1000)::bigint;
  foreach v_field in array array[(v_head.position + 1)::text, v_at::text, p_kind, p_actor, p_address, p_route, p_code, p_about,
                                 p_count::text, p_detail] loop
    v_text := v_text || coalesce(octet_length(convert_to(v_field, 'UTF8'))::text || ':' || v_field, '-') || ';';
  end loop;
  v_hash := sha256(v_head.hash || convert_to(v_text, 'UTF8'));
  insert into baton.access_log (position, at_ms, kind, actor, address, route, code, about, count, detail, hash)
    values (v_head.position + 1, v_at, p_kind, p_actor::json, p_address, p_route, p_code, p_about, p_count, p_detail::json, v_hash);
  update baton.access_head set position = v_head.position + 1, hash = v_hash;
  return v_head.position + 1;
end $$;
revoke all on function baton.note_access from public;
grant execute on function baton.note_access to baton_gateway;
