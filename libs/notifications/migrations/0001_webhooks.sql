-- Who is told of what happens. An endpoint hears of events after `after_position`, the head of the log when it was made.
create table baton.webhook (
  webhook_id uuid primary key default gen_random_uuid(),
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  -- Needed as it is, since every notification is signed with it.
  secret text not null,
  after_position bigint not null,
  disabled_at timestamptz(3),
  disabled_reason text,
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by json not null
);

-- One notification to one endpoint. The unique constraint makes an event that is read twice one delivery.
create table baton.webhook_delivery (
  seq bigint generated always as identity primary key,
  delivery_id uuid not null unique default gen_random_uuid(),
  webhook_id uuid not null references baton.webhook on delete cascade,
  -- Null for a test, which is about no event.
  position bigint,
  run_id uuid,
  type text not null,
  -- text, not json: the bytes that are signed are the bytes that are sent, each time.
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  -- How many attempts there had been when the schedule began: a person can begin it anew.
  schedule_from int not null default 0,
  due_at timestamptz(3) not null default clock_timestamp(),
  -- The sender that is at it, and until when nobody else may be.
  lease uuid,
  leased_until timestamptz(3),
  created_at timestamptz(3) not null default clock_timestamp(),
  settled_at timestamptz(3),
  unique (webhook_id, position)
) with (fillfactor = 80);
create index webhook_delivery_due on baton.webhook_delivery (webhook_id, due_at) where status = 'pending';
create index webhook_delivery_leased on baton.webhook_delivery (webhook_id) where leased_until is not null;
create index webhook_delivery_newest on baton.webhook_delivery (webhook_id, seq desc);
create index webhook_delivery_settled on baton.webhook_delivery (settled_at) where settled_at is not null;

create table baton.webhook_attempt (
  delivery_id uuid not null references baton.webhook_delivery (delivery_id) on delete cascade,
  number int not null check (number > 0),
  at timestamptz(3) not null,
  duration_ms int not null check (duration_ms >= 0),
  -- What the endpoint answered; null when there was no answer, and `error` says why.
  response_status int,
  error text,
  primary key (delivery_id, number)
);

-- How far the log was looked through. What was written before there were webhooks is nobody's news.
create table baton.webhook_cursor (
  only_row bool primary key default true check (only_row),
  position bigint not null check (position >= 0)
) with (fillfactor = 10);
insert into baton.webhook_cursor (position) select head from baton.log;

revoke all on baton.webhook, baton.webhook_delivery, baton.webhook_attempt, baton.webhook_cursor from public;
grant select, update (disabled_at, disabled_reason) on baton.webhook to baton_hub;
grant select, insert, update, delete on baton.webhook_delivery to baton_hub;
grant select, insert on baton.webhook_attempt to baton_hub;
grant select, update on baton.webhook_cursor to baton_hub;
grant select, insert, update (disabled_at, disabled_reason), delete on baton.webhook to baton_gateway;
grant select, insert, update on baton.webhook_delivery to baton_gateway;
grant select, insert on baton.webhook_attempt to baton_gateway;
