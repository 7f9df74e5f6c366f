-- The views are folded again, and find of old runs what was not looked for before: that their workflow failed more often. What was
-- before is nobody's news.
update baton.webhook_cursor set anomaly = greatest(anomaly, (select head from baton.log));
update baton.notification_cursor set anomaly = greatest(anomaly, (select head from baton.log));
