-- Anomalies are told at the place of the event that ended their run, which may be told itself: a place alone is no name any more.
alter table baton.webhook_delivery drop constraint webhook_delivery_webhook_id_position_key;
alter table baton.webhook_delivery add constraint webhook_delivery_told_once unique (webhook_id, position, type);
alter table baton.notice drop constraint notice_rule_id_position_reminder_key;
alter table baton.notice add constraint notice_told_once unique (rule_id, position, type, reminder);
-- How far they were looked through, by the same places. What was before is nobody's news, also when it is computed anew.
alter table baton.webhook_cursor add column anomaly bigint not null default 0;
update baton.webhook_cursor set anomaly = (select head from baton.log);
alter table baton.notification_cursor add column anomaly bigint not null default 0;
update baton.notification_cursor set anomaly = (select head from baton.log);
