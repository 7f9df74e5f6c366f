// Generated from the migrations by `npm run db:types`, and compared by the tests: not to be edited.

import type { ColumnType } from 'kysely';

type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

type Timestamp = ColumnType<Date, Date | string, Date | string>;

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
  webhook: Webhook;
  webhook_attempt: WebhookAttempt;
  webhook_cursor: WebhookCursor;
  webhook_delivery: WebhookDelivery;
}
