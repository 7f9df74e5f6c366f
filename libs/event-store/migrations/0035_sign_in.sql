-- Browsers that are signed in. See docs/adr/0059-a-browser-is-signed-in-by-a-session.md.

-- Whoever has the secret of a session is whoever its credential makes of them, and for no longer. Of the secret the hash is here.
create table baton.web_session (
  session_id uuid primary key default gen_random_uuid(),
  sha256 bytea not null unique check (octet_length(sha256) = 32),
  -- The key that it was begun with, or what it was begun with otherwise, sealed under the secret and the token of the stack.
  key_id uuid references baton.api_key,
  held bytea,
  began_at timestamptz(3) not null default clock_timestamp(),
  -- To the minute.
  used_at timestamptz(3) not null default clock_timestamp(),
  ends_at timestamptz(3) not null,
  check ((key_id is null) <> (held is null))
);
create index web_session_ends on baton.web_session (ends_at);
create index web_session_used on baton.web_session (used_at);

-- What begins one session of whoever asked for it. It is gone with its use.
create table baton.sign_in_code (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  key_id uuid references baton.api_key,
  held bytea,
  ends_at timestamptz(3) not null,
  check ((key_id is null) <> (held is null))
);
create index sign_in_code_ends on baton.sign_in_code (ends_at);

revoke all on baton.web_session, baton.sign_in_code from public;
grant select, insert, update (used_at), delete on baton.web_session to baton_gateway;
grant select, insert, delete on baton.sign_in_code to baton_gateway;
