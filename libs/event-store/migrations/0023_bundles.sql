-- How many tasks a worker takes as one job. A hub sends bundles of a kind where every living worker of it takes them.
alter table baton.worker add column bundle integer not null default 1 check (bundle > 0);

-- It has one parameter more, with a default for workers that do not know it.
drop function if exists baton.announce_worker(uuid, text, text, text, text, integer, integer, text, text, boolean, integer[], text[],
  text[], integer[], float8[], float8[], float8[], text[]);
