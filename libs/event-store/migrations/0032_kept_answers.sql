-- Answers to requests that came with an Idempotency-Key and are of no run: a repetition within a day is given the same one. What
-- is asked of runs has its request id for that.
create table baton.kept_answer (
  -- Of who asked, and of their key.
  key_sha256 bytea primary key check (octet_length(key_sha256) = 32),
  -- Of what was asked: under one key always the same.
  asked_sha256 bytea not null check (octet_length(asked_sha256) = 32),
  -- Sealed under what the database does not have: answers may hold a secret that is shown once.
  answer bytea not null,
  at timestamptz(3) not null default clock_timestamp()
);
create index kept_answer_at on baton.kept_answer (at);
revoke all on baton.kept_answer from public;
grant select, insert, delete on baton.kept_answer to baton_gateway;
