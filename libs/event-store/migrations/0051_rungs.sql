-- Whether a worker looks behind the door of Baton's own processes for messages on every rung of their urgency: to one that does not
-- nothing is sent on any but the first.
alter table baton.worker add column looks_at_rungs boolean not null default false;
