-- version: 1
-- Makes a lineage whose first version is a tree that is stored: `created`, or why not: `exists`, `no-tree`, `full`. Nobody
-- else adds a version without a command of the hub.
create or replace function baton.create_lineage(p_name text, p_tree bytea, p_workspace text, p_actor text) returns text
language plpgsql security definer set search_path = pg_catalog, baton, pg_temp
as $$
begin
  if exists (select from baton.lineage l where l.name = p_name) then return 'exists'; end if;
  if not exists (select from baton.blob b where b.sha256 = p_tree) then return 'no-tree'; end if;
  if (select count(*) from baton.lineage) >= 10000 then return 'full'; end if;
  insert into baton.lineage (name, workspace, created_by) values (p_name, p_workspace::json, p_actor::json) on conflict (name) do nothing;
  if not found then return 'exists'; end if;
  insert into baton.lineage_version (lineage, number, tree, actor) values (p_name, 1, p_tree, p_actor::json);
  return 'created';
end $$;
revoke all on function baton.create_lineage from public;
grant execute on function baton.create_lineage to baton_gateway;
