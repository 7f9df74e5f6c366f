import { logHead } from '@baton/event-store';
import { Gauge, type Registry } from '@baton/telemetry/metrics';
import type { Pool } from 'pg';

/*
 * What the database knows and no process does by itself: how runs stand, who waits for a person, what could not be done. Every
 * gateway tells the same of it, so whoever adds up over processes takes the greatest.
 */

/** How many kinds of workers have series of their own: anybody with a login may call his what he likes. */
const MOST_KINDS = 100;

const RUNS = `select status, count(*)::float8 as count from baton.run_view where ended_at is null group by status`;
const APPROVALS = `select count(*)::float8 as count,
  coalesce(extract(epoch from clock_timestamp() - min(asked_at)), 0)::float8 as oldest
  from baton.approval_view where "position" is not null and answered_at is null`;
const LETTERS = `select count(*)::float8 as count from baton.dead_letter where requeued_at is null and not is_refused`;
const DELIVERIES = `select
  (select count(*) from baton.webhook_delivery where status = 'pending' and attempts > 0)::float8 as webhooks,
  (select count(*) from baton.notification_message where status = 'pending' and attempts > 0)::float8 as messages`;
const SCHEDULES = `select coalesce(greatest(extract(epoch from clock_timestamp() - min(wake_at)), 0), 0)::float8 as late
  from baton.schedule where status = 'active'`;
const INBOX = `select count(*)::float8 as count,
  coalesce(extract(epoch from clock_timestamp() - min(accepted_at)), 0)::float8 as oldest from baton.inbox`;
const POSITION = `select "position"::float8 as position from baton.run_view_cursor`;
const WORKERS = `select kind, count(*)::float8 as workers, sum(concurrency)::float8 as slots, sum(load)::float8 as load
  from baton.worker where stopped_at is null and seen_at > clock_timestamp() - interval '15 seconds'
  group by kind order by kind limit ${MOST_KINDS}`;

/** A gauge of the database: what does not answer is left out of the scrape, and no other gauge with it. */
interface OfDatabase {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  readonly read: () => Promise<readonly (readonly [label: string, value: number])[]>;
}

export function operationsMetrics(
  pool: Pool,
  register: Registry,
  inTime: <T>(asked: Promise<T>) => Promise<T | null>,
): void {
  const rows = async (text: string) => (await pool.query<Readonly<Record<string, string & number>>>(text)).rows;
  const one = (text: string, column: string) => async () =>
    (await rows(text)).map((row) => ['', Number(row[column])] as const);
  const each = (text: string, label: string, column: string) => async () =>
    (await rows(text)).map((row) => [String(row[label]), Number(row[column])] as const);
  const lag = async () => {
    const [[cursor], head] = await Promise.all([rows(POSITION), logHead(pool)]);
    return [['', Math.max(0, head - Number(cursor?.position ?? 0))] as const];
  };
  const gauges: readonly OfDatabase[] = [
    {
      name: 'baton_runs',
      help: 'Runs that have not ended, by status.',
      label: 'status',
      read: each(RUNS, 'status', 'count'),
    },
    { name: 'baton_approvals_waiting', help: 'Questions that wait for a person.', read: one(APPROVALS, 'count') },
    {
      name: 'baton_approval_oldest_seconds',
      help: 'How long the oldest of them has waited; 0 where none does.',
      read: one(APPROVALS, 'oldest'),
    },
    {
      name: 'baton_dead_letters',
      help: 'Messages that could not be taken, and were not taken up again.',
      read: one(LETTERS, 'count'),
    },
    {
      name: 'baton_webhook_deliveries_failing',
      help: 'Deliveries that failed at least once and are tried again.',
      read: one(DELIVERIES, 'webhooks'),
    },
    {
      name: 'baton_notification_messages_failing',
      help: 'Mails and messages to channels that failed at least once and are tried again.',
      read: one(DELIVERIES, 'messages'),
    },
    {
      name: 'baton_schedule_late_seconds',
      help: 'For how long the schedule that is due longest has not been looked at; 0 where none is due.',
      read: one(SCHEDULES, 'late'),
    },
    {
      name: 'baton_inbox_requests',
      help: 'Requests that were accepted and are not decided.',
      read: one(INBOX, 'count'),
    },
    {
      name: 'baton_inbox_oldest_seconds',
      help: 'How long the oldest of them has waited; 0 where there is none.',
      read: one(INBOX, 'oldest'),
    },
    { name: 'baton_projection_lag_events', help: 'Events of the log that views do not show yet.', read: lag },
    {
      name: 'baton_workers',
      help: 'Workers that live, by kind.',
      label: 'kind',
      read: each(WORKERS, 'kind', 'workers'),
    },
    {
      name: 'baton_workers_slots',
      help: 'Tasks that they do at the same time at most, by kind.',
      label: 'kind',
      read: each(WORKERS, 'kind', 'slots'),
    },
    {
      name: 'baton_workers_load',
      help: 'Tasks that they have in work, by kind.',
      label: 'kind',
      read: each(WORKERS, 'kind', 'load'),
    },
  ];
  for (const { name, help, label, read } of gauges) {
    new Gauge({
      ...{ name, help, registers: [register] },
      labelNames: label === undefined ? [] : [label],
      async collect() {
        const found = await inTime(read());
        this.reset();
        // A gauge without labels is 0 after a reset, and what is not known is not 0.
        if (found === null && label === undefined) this.remove();
        for (const [value, count] of found ?? []) this.set(label === undefined ? {} : { [label]: value }, count);
      },
    });
  }
}
