-- The workflow documents that runs go by, each once: events name them by the SHA-256 of their text. The hash of an event covers
-- the name, so a document can no more be changed than an event. They stay for as long as the log.
create table baton.document (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  body text not null check (sha256 = sha256(convert_to(body, 'UTF8'))),
  at timestamptz not null default clock_timestamp()
);

create trigger no_change before update or delete on baton.document for each row execute function baton.forbid();
create trigger no_truncate before truncate on baton.document for each statement execute function baton.forbid();

revoke all on baton.document from public;
grant select on baton.document to baton_hub, baton_gateway;
