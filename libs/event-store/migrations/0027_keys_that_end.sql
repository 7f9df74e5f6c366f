-- A key has an id that may be shown, by which it is found; those of before are found by their hash.
alter table baton.api_key
  add column public_id text unique check (public_id ~ '^[0-9A-Za-z]{12}$'),
  -- Which runs it is for; null: all. json as the gateway reads it.
  add column scope json,
  -- Whose it is, as `user:ada`; null: it is somebody of its own.
  add column person text,
  -- How long it was made to hold; null: for ever.
  add column lifetime_seconds integer check (lifetime_seconds > 0),
  add column expires_at timestamptz(3),
  -- Since when another key has its name. It goes on until it expires.
  add column replaced_at timestamptz(3),
  -- To the minute.
  add column last_used_at timestamptz(3);
drop index baton.api_key_name;
create unique index api_key_name on baton.api_key (name) where revoked_at is null and replaced_at is null;
grant update (replaced_at, expires_at, last_used_at) on baton.api_key to baton_gateway;
