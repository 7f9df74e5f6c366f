-- That events are gone which somebody knows to have been acknowledged, as after a failover to a standby that had not yet got them.
-- Found by whoever knows of them; nothing is appended until somebody accepted it. See docs/adr/0068-a-log-that-lost-its-end-is-not-gone-on-from.md.
create table baton.log_loss (
  known_event_id uuid primary key,
  known_position bigint not null,
  head bigint not null,
  found_at timestamptz not null default clock_timestamp(),
  accepted_at timestamptz,
  accepted_by text
);
grant select, insert (known_event_id, known_position, head) on baton.log_loss to baton_hub;
grant select on baton.log_loss to baton_gateway;
grant select on baton.log_name to baton_hub;
