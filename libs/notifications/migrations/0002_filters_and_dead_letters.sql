-- Which runs an endpoint hears of: null and {} stand for all. json and not jsonb: a label may hold \u0000.
alter table baton.webhook add column workflows text[] check (cardinality(workflows) > 0);
alter table baton.webhook add column labels json not null default '{}';
-- Dead letters have a row and no event: they are followed by their number, beside the log.
alter table baton.webhook add column after_dead_letter bigint not null default 0;
update baton.webhook set after_dead_letter = coalesce((select max(id) from baton.dead_letter), 0);
alter table baton.webhook_cursor add column dead_letter bigint not null default 0;
update baton.webhook_cursor set dead_letter = coalesce((select max(id) from baton.dead_letter), 0);
alter table baton.webhook_delivery add column dead_letter bigint;
-- A letter may be told twice: as itself, and because its run is parked.
create unique index webhook_delivery_dead_letter on baton.webhook_delivery (webhook_id, dead_letter, type);
