-- Whether a worker looks into the table through which Baton's own processes send each other messages on Postgres.
alter table baton.worker add column is_of_table boolean not null default false;

-- It has one parameter more, with a default for workers that do not know it.
drop function if exists baton.announce_worker(uuid, text, text, text, text, integer, integer, text, text, boolean, integer[], text[],
  text[], integer[], float8[], float8[], float8[], text[], integer);
