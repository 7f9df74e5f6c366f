-- Who is next to land on a lineage: whoever was told of another head merges what others landed, and nobody lands meanwhile, for
-- some minutes. It is a courtesy and no lock: what may be landed is what `land_version` compares, whoever is next.
-- See docs/adr/0063-whoever-merges-is-next.md.
create table baton.lineage_next (
  lineage text primary key references baton.lineage,
  run_id uuid not null,
  until timestamptz(3) not null
);
revoke all on baton.lineage_next from public;
