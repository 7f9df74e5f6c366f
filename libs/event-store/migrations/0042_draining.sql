-- A worker that takes no more tasks and ends those that it has: an operator asked for it, and it says that it does so.
alter table baton.worker
  add column drain_asked_at timestamptz(3),
  add column drain_asked_by json,
  add column is_draining boolean not null default false;

-- A result that came and was not taken, because nobody waited for it any more: nothing is to be done about it, and it is kept for
-- whoever wants to know why a worker works in vain. One for each task and reason.
alter table baton.dead_letter add column is_refused boolean not null default false;
create unique index dead_letter_refused on baton.dead_letter (command_id, reason) where is_refused;
drop index baton.dead_letter_open;
create index dead_letter_open on baton.dead_letter (id) where requeued_at is null and not is_refused;
