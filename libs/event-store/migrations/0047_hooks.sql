-- Addresses at which somebody outside starts runs. The secret is not here: it is in the environment of the gateway, under its name.
create table baton.hook (
  name text primary key,
  verify text not null check (verify in ('standard', 'github', 'bearer')),
  secret text not null,
  -- What runs are submitted with.
  run json not null,
  -- What makes the input of the body; null: nothing does.
  input json,
  -- Nobody is shown it: who knew the request id of a run that is to come could take its place.
  key uuid not null default gen_random_uuid(),
  created_by json not null,
  made_at timestamptz(3) not null default clock_timestamp()
);
revoke all on baton.hook from public;
grant select, insert, delete on baton.hook to baton_gateway;
