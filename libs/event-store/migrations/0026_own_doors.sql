-- Whether a worker takes messages also through the door that Baton's own processes have among themselves.
alter table baton.worker add column has_own_door boolean not null default false;

-- It has one parameter more, with a default for workers that do not know it.
drop function if exists baton.announce_worker(uuid, text, text, text, text, integer, integer, text, text, boolean, integer[], text[],
  text[], integer[], float8[], float8[], float8[], text[], integer);
