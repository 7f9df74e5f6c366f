-- What models are asked with. A service tells at its start which templates it works with, the newest start of a kind for all
-- of it; and each text that was ever worked with stays known by its hash: the text itself is a blob.
create table baton.template_set (
  kind text primary key,
  told json not null,
  told_at timestamptz not null default clock_timestamp()
);
create table baton.template_version (
  id text not null,
  variant text not null,
  sha256 bytea not null check (octet_length(sha256) = 32),
  version text not null,
  first_at timestamptz not null default clock_timestamp(),
  last_at timestamptz not null default clock_timestamp(),
  primary key (id, variant, sha256)
);

create function baton.tell_templates(p_kind text, p_told json) returns void
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp as $$
begin
  if not baton.owns_schema(session_user) and not baton.serves(session_user, 'worker-' || p_kind) then
    raise exception '% is no worker of the kind %', session_user, p_kind using errcode = 'insufficient_privilege';
  end if;
  insert into baton.template_set (kind, told) values (p_kind, p_told)
    on conflict (kind) do update set told = excluded.told, told_at = clock_timestamp();
  insert into baton.template_version (id, variant, sha256, version)
    select distinct on (1, 2, 3) t ->> 'id', t ->> 'variant', decode(t ->> 'sha256', 'hex'), t ->> 'version'
      from json_array_elements(p_told -> 'templates') t
    on conflict (id, variant, sha256) do update set last_at = clock_timestamp();
end $$;

revoke all on baton.template_set, baton.template_version from public;
revoke all on function baton.tell_templates from public;
grant execute on function baton.tell_templates to baton_worker;
grant select on baton.template_set, baton.template_version to baton_gateway;
