-- Programs outside that put requests into intake under logins of their own.
create table baton.producer (
  name text primary key check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(name) <= 40),
  created_at timestamptz(3) not null default clock_timestamp(),
  -- Of its password on Redis, which may have to be told of it again; null on Postgres, which keeps it itself.
  redis_sha256 text check (redis_sha256 ~ '^[0-9a-f]{64}$'),
  -- The public key, as a JWK, of whoever signs; null: it does not.
  public_key json,
  revoked_at timestamptz(3)
);
revoke all on baton.producer from public;
grant select on baton.producer to baton_hub, baton_gateway;
