-- A dead letter that is taken up again stays, with who asked for that and when. The gateway takes up requests itself; the rest
-- a hub does, since only hubs may send to the queues of workers: `sent_at` says that it is done.
alter table baton.dead_letter
  add column requeued_at timestamptz(3),
  add column requeued_by json,
  add column sent_at timestamptz(3),
  -- The request as the gateway had accepted it, where it had: the message itself may be anybody's.
  add column accepted_name text,
  add column accepted json;
create index dead_letter_open on baton.dead_letter (id) where requeued_at is null;
create index dead_letter_to_send on baton.dead_letter (id) where requeued_at is not null and sent_at is null;
grant update (requeued_at, requeued_by, sent_at) on baton.dead_letter to baton_gateway;
grant update (sent_at) on baton.dead_letter to baton_hub;
