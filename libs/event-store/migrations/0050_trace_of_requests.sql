-- The W3C trace context that an accepted request belongs to, beside its message: a hub of the version before knows no such member
-- of a message, and would refuse what the gateway accepted.
alter table baton.inbox add column traceparent text;
