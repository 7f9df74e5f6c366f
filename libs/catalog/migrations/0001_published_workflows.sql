-- Workflow documents that were published through the API. A row never changes: a run names its document by name, version
-- and hash, and whoever reads that later must find what ran.
create table baton.workflow (
  name text not null check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(name) <= 100),
  -- Three numbers, each of which fits an int and is written in one way only.
  version text not null check (version ~ '^(0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})[.](0|[1-9][0-9]{0,8})$'),
  -- Of the document's canonical JSON.
  sha256 bytea not null check (octet_length(sha256) = 32),
  -- json, not jsonb: a text in it may hold \u0000.
  document json not null,
  published_at timestamptz(3) not null default clock_timestamp(),
  published_by json not null,
  primary key (name, version)
);
create index workflow_newest on baton.workflow (name, (string_to_array(version, '.')::int[]) desc);

create function baton.forbid_workflow_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is forbidden: a published workflow never changes', tg_op, tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege', hint = 'Publish the document under another version.';
end $$;
create trigger no_change before update or delete on baton.workflow
  for each row execute function baton.forbid_workflow_change();
create trigger no_truncate before truncate on baton.workflow
  for each statement execute function baton.forbid_workflow_change();

revoke all on baton.workflow from public;
revoke all on function baton.forbid_workflow_change() from public;
grant select on baton.workflow to baton_hub;
grant select, insert on baton.workflow to baton_gateway;
