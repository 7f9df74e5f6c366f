import { Notification } from '@baton/contracts';
import { databaseTimeMs, inTransaction, query } from '@baton/event-store';
import type { Pool, PoolClient } from 'pg';
import { type ListeningRule, listRules } from './rules-store.js';
import { whenTold } from './when-told.js';

const PAGE = 500;
const MOST_IN_A_MESSAGE = 50;
const MINUTE_MS = 60_000;

interface Notice {
  readonly notice_id: number;
  readonly rule_id: string;
  readonly position: number | null;
  readonly reminder: number;
  readonly type: string;
  readonly run_id: string | null;
  readonly command_id: string | null;
  readonly body: string;
}

/**
 * Makes messages of what is to be told by now: all of one rule together. A question that was answered meanwhile is told no more, and one
 * that is open gets its next reminder.
 *
 * @returns how many messages
 */
export async function gatherMessages(pool: Pool): Promise<number> {
  return inTransaction(pool, async (client) => {
    const notices = await query<Notice>(
      client,
      'due-notices',
      `select n.notice_id, n.rule_id, n.position, n.reminder, n.type, n.run_id, n.command_id, n.body from baton.notice n
        where n.message_id is null and n.due_at <= statement_timestamp() order by n.due_at, n.notice_id limit ${PAGE} for update skip locked`,
    );
    if (notices.length === 0) return 0;
    const open = await openQuestions(client, notices);
    const told = notices.filter(({ command_id }) => command_id === null || open.has(command_id));
    const over = notices.filter((notice) => !told.includes(notice));
    if (over.length > 0) {
      const ids = over.map(({ notice_id }) => notice_id);
      await query(client, 'drop-notices', 'delete from baton.notice where notice_id = any ($1::bigint[])', [ids]);
    }
    const rules = new Map((await listRules(client)).rules.map((rule) => [rule.ruleId, rule]));
    const nowMs = await databaseTimeMs(pool);
    let messages = 0;
    for (const [ruleId, ofRule] of Map.groupBy(told, ({ rule_id }) => rule_id)) {
      for (let from = 0; from < ofRule.length; from += MOST_IN_A_MESSAGE) {
        await storeMessage(client, ruleId, ofRule.slice(from, from + MOST_IN_A_MESSAGE));
        messages += 1;
      }
      const rule = rules.get(ruleId);
      if (rule !== undefined) await remindLater(client, rule, ofRule, nowMs);
    }
    return messages;
  });
}

/** A question is open as long as its command is. */
async function openQuestions(client: PoolClient, notices: readonly Notice[]): Promise<ReadonlySet<string>> {
  const asked = notices.flatMap(({ command_id }) => (command_id === null ? [] : [command_id]));
  if (asked.length === 0) return new Set();
  const rows = await query<{ command_id: string }>(
    client,
    'open-questions',
    'select command_id from baton.command where command_id = any ($1::text[])',
    [asked],
  );
  return new Set(rows.map(({ command_id }) => command_id));
}

async function storeMessage(client: PoolClient, ruleId: string, notices: readonly Notice[]): Promise<void> {
  await query(
    client,
    'store-message',
    `with made as (insert into baton.notification_message (rule_id) values ($1) returning message_id)
     update baton.notice set message_id = made.message_id from made where notice_id = any ($2::bigint[])`,
    [ruleId, notices.map(({ notice_id }) => notice_id)],
  );
}

/** Only what began with the question itself is followed by reminders: those of its policy come by themselves. */
async function remindLater(
  client: PoolClient,
  rule: ListeningRule,
  notices: readonly Notice[],
  nowMs: number,
): Promise<void> {
  const { remind } = rule;
  if (remind === null) return;
  const dueAt = new Date(whenTold(nowMs + remind.everyMinutes * MINUTE_MS, { ...rule, digestMinutes: 0 }));
  for (const notice of notices) {
    const isFirst = notice.type === 'approval.requested';
    if ((!isFirst && notice.reminder === 0) || notice.reminder >= remind.most) continue;
    await query(
      client,
      'store-reminder',
      `insert into baton.notice (rule_id, position, reminder, type, run_id, command_id, body, due_at)
       values ($1, $2, $3, 'approval.reminded', $4, $5, $6, $7) on conflict do nothing`,
      [
        rule.ruleId,
        notice.position,
        notice.reminder + 1,
        notice.run_id,
        notice.command_id,
        JSON.stringify(asReminder(notice.body)),
        dueAt,
      ],
    );
  }
}

function asReminder(body: string): Notification {
  const asked = Notification.parse(JSON.parse(body));
  return asked.type === 'approval.requested' ? { ...asked, type: 'approval.reminded' } : asked;
}
