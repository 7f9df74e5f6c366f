-- Lineages: lines of versions of a workspace that several runs work on. A version is there for good: it is added, and never
-- changed or taken away. The head is the one with the greatest number. The tree of a version is kept for as long as it is listed.
create table baton.lineage (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  -- The workspace that it was made with: its tree, and the commit of the repository that it lies over.
  workspace json not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by json not null
);
create table baton.lineage_version (
  lineage text not null references baton.lineage,
  number int not null check (number > 0),
  tree bytea not null references baton.blob,
  -- Null of the first version, which is what the lineage was made with.
  command_id text unique,
  run_id uuid,
  state text,
  actor json not null,
  recorded_at timestamptz(3) not null default clock_timestamp(),
  primary key (lineage, number)
);
create index lineage_version_tree on baton.lineage_version (lineage, tree);

create trigger no_change before update or delete on baton.lineage for each row execute function baton.forbid();
create trigger no_truncate before truncate on baton.lineage for each statement execute function baton.forbid();
create trigger no_change before update or delete on baton.lineage_version for each row execute function baton.forbid();
create trigger no_truncate before truncate on baton.lineage_version for each statement execute function baton.forbid();

revoke all on baton.lineage, baton.lineage_version from public;
grant select on baton.lineage, baton.lineage_version to baton_hub, baton_gateway;
