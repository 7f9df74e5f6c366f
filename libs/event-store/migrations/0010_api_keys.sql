-- Keys of the API, by the hash of each. A name is the actor of what its key does: of two keys with one name one is revoked.
create table baton.api_key (
  key_id uuid primary key default gen_random_uuid(),
  name text not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  roles text[] not null check (cardinality(roles) > 0),
  sha256 bytea not null unique check (octet_length(sha256) = 32),
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by json not null,
  revoked_at timestamptz(3)
);
create unique index api_key_name on baton.api_key (name) where revoked_at is null;
revoke all on baton.api_key from public;
grant select, insert, update (revoked_at) on baton.api_key to baton_gateway;
