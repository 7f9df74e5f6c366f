// Generated from the migrations by `npm run db:types`, and compared by the tests: not to be edited.

import type { ColumnType } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

interface Notice {
  body: string;
  command_id: string | null;
  dead_letter: number | null;
  due_at: Timestamp;
  message_id: string | null;
  notice_id: Generated<number>;
  position: number | null;
  reminder: Generated<number>;
  rule_id: string;
  run_id: string | null;
  type: string;
}

interface NotificationCursor {
  anomaly: Generated<number>;
  dead_letter: number;
  only_row: Generated<boolean>;
  position: number;
}

interface NotificationMessage {
  attempts: Generated<number>;
  created_at: Generated<Timestamp>;
  due_at: Generated<Timestamp>;
  error: string | null;
  lease: string | null;
  leased_until: Timestamp | null;
  message_id: Generated<string>;
  rule_id: string;
  settled_at: Timestamp | null;
  status: Generated<string>;
}

interface NotificationRule {
  after_dead_letter: number;
  after_position: number;
  channel: string;
  created_at: Generated<Timestamp>;
  created_by: string;
  digest_minutes: Generated<number>;
  events: string[];
  labels: Generated<string>;
  name: string;
  quiet: string | null;
  remind: string | null;
  rule_id: Generated<string>;
  statuses: string[] | null;
  workflows: string[] | null;
}

interface Webhook {
  after_dead_letter: Generated<number>;
  after_position: number;
  created_at: Generated<Timestamp>;
  created_by: string;
  disabled_at: Timestamp | null;
  disabled_reason: string | null;
  events: string[];
  labels: Generated<string>;
  secret: string;
  url: string;
  webhook_id: Generated<string>;
  workflows: string[] | null;
}

interface WebhookAttempt {
  at: Timestamp;
  delivery_id: string;
  duration_ms: number;
  error: string | null;
  number: number;
  response_status: number | null;
}

interface WebhookCursor {
  anomaly: Generated<number>;
  dead_letter: Generated<number>;
  only_row: Generated<boolean>;
  position: number;
}

interface WebhookDelivery {
  attempts: Generated<number>;
  body: string;
  created_at: Generated<Timestamp>;
  dead_letter: number | null;
  delivery_id: Generated<string>;
  due_at: Generated<Timestamp>;
  lease: string | null;
  leased_until: Timestamp | null;
  position: number | null;
  run_id: string | null;
  schedule_from: Generated<number>;
  seq: Generated<number>;
  settled_at: Timestamp | null;
  status: Generated<string>;
  type: string;
  webhook_id: string;
}

/** By the name of the table, in schema `baton`. */
export interface Tables {
  notice: Notice;
  notification_cursor: NotificationCursor;
  notification_message: NotificationMessage;
  notification_rule: NotificationRule;
  webhook: Webhook;
  webhook_attempt: WebhookAttempt;
  webhook_cursor: WebhookCursor;
  webhook_delivery: WebhookDelivery;
}
