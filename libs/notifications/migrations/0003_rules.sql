-- Who among people is told of what, where and when. Beside webhooks, which are for programs, with a cursor of their own.
create table baton.notification_rule (
  rule_id uuid primary key default gen_random_uuid(),
  name text not null unique,
  -- Names of secrets, and no secret: those are in the environment of the orchestrators.
  channel json not null,
  events text[] not null check (cardinality(events) > 0),
  statuses text[] check (cardinality(statuses) > 0),
  workflows text[] check (cardinality(workflows) > 0),
  labels json not null default '{}',
  quiet json,
  digest_minutes int not null default 0 check (digest_minutes >= 0),
  remind json,
  -- It hears of nothing that was before it.
  after_position bigint not null,
  after_dead_letter bigint not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by json not null
);

-- A mail, or a message to a channel, with all that it tells: what is leased and sent.
create table baton.notification_message (
  message_id uuid primary key default gen_random_uuid(),
  rule_id uuid not null references baton.notification_rule on delete cascade,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts int not null default 0,
  due_at timestamptz(3) not null default clock_timestamp(),
  lease uuid,
  leased_until timestamptz(3),
  error text,
  created_at timestamptz(3) not null default clock_timestamp(),
  settled_at timestamptz(3)
) with (fillfactor = 80);
create index notification_message_due on baton.notification_message (due_at) where status = 'pending';
create index notification_message_newest on baton.notification_message (rule_id, created_at desc);
create index notification_message_settled on baton.notification_message (settled_at) where settled_at is not null;

-- One thing that one rule is to tell. The unique keys make an event that is read twice one of them.
create table baton.notice (
  notice_id bigint generated always as identity primary key,
  rule_id uuid not null references baton.notification_rule on delete cascade,
  -- Null for a test, and for what is no event.
  position bigint,
  dead_letter bigint,
  -- The how-manieth time that it is told.
  reminder int not null default 0,
  type text not null,
  run_id uuid,
  -- The question that it is about: it is told only while that is open.
  command_id text,
  body text not null,
  due_at timestamptz(3) not null,
  -- Null as long as it waits for its time.
  message_id uuid references baton.notification_message on delete cascade,
  unique (rule_id, position, reminder)
);
create unique index notice_dead_letter on baton.notice (rule_id, dead_letter, type);
create index notice_due on baton.notice (due_at) where message_id is null;
create index notice_message on baton.notice (message_id) where message_id is not null;

create table baton.notification_cursor (
  only_row bool primary key default true check (only_row),
  position bigint not null check (position >= 0),
  dead_letter bigint not null
) with (fillfactor = 10);
insert into baton.notification_cursor (position, dead_letter)
  select head, coalesce((select max(id) from baton.dead_letter), 0) from baton.log;

revoke all on baton.notification_rule, baton.notification_message, baton.notice, baton.notification_cursor from public;
grant select on baton.notification_rule to baton_hub;
grant select, insert, update, delete on baton.notification_message to baton_hub;
grant select, insert, update (message_id), delete on baton.notice to baton_hub;
grant select, update on baton.notification_cursor to baton_hub;
grant select, insert, delete on baton.notification_rule to baton_gateway;
grant select, insert on baton.notice to baton_gateway;
grant select, update (status, due_at, attempts, settled_at, error) on baton.notification_message to baton_gateway;
