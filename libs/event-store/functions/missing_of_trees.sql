-- version: 1
-- For the audit: files that are not there, of trees that are. An empty file has no blob. What is no tree names no files.
create or replace function baton.missing_of_trees(p_tree bytea[]) returns table (tree bytea, path text, sha256 bytea)
language plpgsql stable security definer set search_path = pg_catalog, baton, pg_temp as $$
#variable_conflict use_column
declare
  v_tree record;
begin
  for v_tree in select b.sha256, b.content from baton.blob b where b.sha256 = any (p_tree) loop
    begin
      return query
        select v_tree.sha256, f.path, decode(f.sha256, 'hex')
          from json_to_recordset(convert_from(v_tree.content, 'UTF8')::json) as f(path text, sha256 text, size bigint)
         where f.size > 0 and f.sha256 ~ '^[0-9a-f]{64}$'
           and not exists (select from baton.blob b where b.sha256 = decode(f.sha256, 'hex'));
    exception when data_exception then null;
    end;
  end loop;
end $$;
revoke all on function baton.missing_of_trees from public;
grant execute on function baton.missing_of_trees to baton_gateway;
