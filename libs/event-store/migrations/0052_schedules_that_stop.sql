-- A schedule whose maker may start nothing any more rests until somebody takes it over.
alter table baton.schedule
  -- Why; null: nothing stopped it. It is `paused` then, also to programs that know of no such stop.
  add column stopped_for text,
  add column stopped_at timestamptz(3),
  -- Since when its runs are started in the name of `created_by`; null: since it was made.
  add column owned_since timestamptz(3);
grant update (stopped_for, stopped_at, owned_since, created_by) on baton.schedule to baton_gateway;
