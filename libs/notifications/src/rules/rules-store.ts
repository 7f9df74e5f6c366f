import {
  Actor,
  type CreateRuleBody,
  NotificationChannel,
  QuietHours,
  Reminders,
  RuleView,
  storableText,
  WebhookEvent,
} from '@baton/contracts';
import { query } from '@baton/event-store';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';

/** Each event is looked at for each of them. */
export const MOST_RULES = 200;

/** A rule with what of the log it is told of. */
export interface ListeningRule extends RuleView {
  readonly afterPosition: number;
  readonly afterDeadLetter: number;
}

interface Row {
  readonly rule_id: string;
  readonly name: string;
  readonly channel: string;
  readonly events: string[];
  readonly statuses: string[] | null;
  readonly workflows: string[] | null;
  readonly labels: string;
  readonly quiet: string | null;
  readonly digest_minutes: number;
  readonly remind: string | null;
  readonly after_position: number;
  readonly after_dead_letter: number;
  readonly created_at: Date;
  readonly created_by: string;
}

const COLUMNS = `r.rule_id, r.name, r.channel, r.events, r.statuses, r.workflows, r.labels, r.quiet, r.digest_minutes, r.remind,
  r.after_position, r.after_dead_letter, r.created_at, r.created_by`;

const Labels = z.record(z.string(), z.string());

const toRule = (row: Row): ListeningRule => ({
  ruleId: row.rule_id,
  name: row.name,
  channel: NotificationChannel.parse(JSON.parse(row.channel)),
  events: row.events.map((event) => WebhookEvent.parse(event)),
  statuses: RuleView.shape.statuses.parse(row.statuses),
  workflows: row.workflows,
  labels: Labels.parse(JSON.parse(row.labels)),
  quiet: row.quiet === null ? null : QuietHours.parse(JSON.parse(row.quiet)),
  digestMinutes: row.digest_minutes,
  remind: row.remind === null ? null : Reminders.parse(JSON.parse(row.remind)),
  afterPosition: row.after_position,
  afterDeadLetter: row.after_dead_letter,
  createdAt: row.created_at.toISOString(),
  createdBy: Actor.parse(JSON.parse(row.created_by)),
});

/** As it is shown. */
export function ruleView({ afterPosition: _, afterDeadLetter: __, ...view }: ListeningRule): RuleView {
  return view;
}

const jsonOrNull = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value));

/** Stores a rule, which hears of everything from now on and of nothing before. */
export async function createRule(
  connection: Pool | PoolClient,
  rule: CreateRuleBody & { readonly createdBy: Actor },
): Promise<ListeningRule | 'exists' | 'full'> {
  const [row] = await query<Row>(
    connection,
    'create-rule',
    `insert into baton.notification_rule as r (name, channel, events, statuses, workflows, labels, quiet, digest_minutes, remind, created_by,
       after_position, after_dead_letter)
     select $1, $2::json, $3::text[], $4::text[], $5::text[], $6::json, $7::json, $8, $9::json, $10::json, l.head,
            coalesce((select max(id) from baton.dead_letter), 0)
       from baton.log l where (select count(*) from baton.notification_rule) < ${MOST_RULES}
     on conflict (name) do nothing returning ${COLUMNS}`,
    [
      rule.name,
      JSON.stringify(rule.channel),
      [...new Set(rule.events)],
      rule.statuses ?? null,
      rule.workflows ?? null,
      JSON.stringify(rule.labels),
      jsonOrNull(rule.quiet),
      rule.digestMinutes,
      jsonOrNull(rule.remind),
      JSON.stringify(rule.createdBy),
    ],
  );
  if (row !== undefined) return toRule(row);
  return (await findRule(connection, rule.name)) === null ? 'full' : 'exists';
}

/** By name: those that this program knows how to read, and the names of the others, which a newer one may have made. */
export async function listRules(
  connection: Pool | PoolClient,
): Promise<{ readonly rules: readonly ListeningRule[]; readonly unreadable: readonly string[] }> {
  const rows = await query<Row>(
    connection,
    'list-rules',
    `select ${COLUMNS} from baton.notification_rule r order by r.name`,
  );
  const rules: ListeningRule[] = [];
  const unreadable: string[] = [];
  for (const row of rows) {
    const rule = readable(row);
    if (rule === null) unreadable.push(row.name);
    else rules.push(rule);
  }
  return { rules, unreadable };
}

function readable(row: Row): ListeningRule | null {
  try {
    return toRule(row);
  } catch {
    return null;
  }
}

/** `unreadable`: this program does not know how to read it. */
export async function findRule(
  connection: Pool | PoolClient,
  name: string,
): Promise<ListeningRule | 'unreadable' | null> {
  const [row] = await query<Row>(
    connection,
    'find-rule',
    `select ${COLUMNS} from baton.notification_rule r where r.name = $1`,
    [storableText(name)],
  );
  return row === undefined ? null : (readable(row) ?? 'unreadable');
}

/** Removes a rule with all that was, or is still to be, told by it. @returns whether there was one */
export async function removeRule(pool: Pool, ruleId: string): Promise<boolean> {
  const rows = await query(pool, 'remove-rule', 'delete from baton.notification_rule where rule_id = $1 returning 1', [
    ruleId,
  ]);
  return rows.length === 1;
}

export const hasRules = async (pool: Pool): Promise<boolean> =>
  (await query(pool, 'has-rules', 'select 1 from baton.notification_rule limit 1')).length > 0;
