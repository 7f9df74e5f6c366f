import { databaseTimeMs, inTransaction, logHead, query } from '@baton/event-store';
import type { Pool, PoolClient } from 'pg';
import { anomaliesSince } from '../log/follow-anomalies.js';
import { lettersSince, newsOfLetter } from '../log/follow-dead-letters.js';
import { readNews } from '../log/follow-log.js';
import { isNewTo, isOfRuns, type News } from '../log/listeners.js';
import { hasRules, type ListeningRule, listRules } from './rules-store.js';
import { whenTold } from './when-told.js';

const EVENTS_A_PAGE = 2_000;

/**
 * Looks through what is new in the log and among the dead letters, and stores what each rule is to tell of it, with the cursor, in one
 * transaction: as webhooks are told, see `followLog`.
 *
 * @param pool must have two connections to give
 * @param leaveOut told of the name of each rule that cannot be read: it hears of nothing, and the others do
 * @returns whether there is more right now
 */
export async function followForRules(pool: Pool, leaveOut: (rule: string) => void): Promise<boolean> {
  const head = await logHead(pool);
  if (!(await hasRules(pool))) return false;
  return inTransaction(pool, async (client) => {
    const [cursor] = await query<{ position: number; dead_letter: number; anomaly: number }>(
      client,
      'lock-notification-cursor',
      'select position, dead_letter, anomaly from baton.notification_cursor for update skip locked',
    );
    if (cursor === undefined) return false;
    const { rules, unreadable } = await listRules(client);
    unreadable.forEach(leaveOut);
    if (rules.length === 0) return false;
    const oldest = rules.reduce((least, { afterPosition }) => Math.min(least, afterPosition), head);
    const from = Math.max(cursor.position, oldest);
    const to = Math.max(from, Math.min(head, from + EVENTS_A_PAGE));
    const news: News[] = to > from ? [...(await readNews(pool, from, to))] : [];
    const letters = await lettersSince(client, cursor.dead_letter);
    for (const letter of letters.letters) news.push(...(await newsOfLetter(pool, client, letter)));
    const anomalies = await anomaliesSince(pool, client, cursor.anomaly);
    news.push(...anomalies.news);
    await storeNotices(client, news, rules, await databaseTimeMs(pool));
    const isMoved = letters.settledTo !== cursor.dead_letter || anomalies.to !== cursor.anomaly;
    if (to !== cursor.position || isMoved) {
      await query(
        client,
        'move-notification-cursor',
        'update baton.notification_cursor set position = $1, dead_letter = $2, anomaly = $3',
        [to, letters.settledTo, anomalies.to],
      );
    }
    return to < head || letters.isBehind || anomalies.isBehind;
  });
}

async function storeNotices(
  client: PoolClient,
  news: readonly News[],
  rules: readonly ListeningRule[],
  nowMs: number,
): Promise<void> {
  const wanted = news.flatMap((each) => rules.filter((rule) => isTold(rule, each)).map((rule) => ({ rule, ...each })));
  if (wanted.length === 0) return;
  await query(
    client,
    'store-notices',
    `insert into baton.notice (rule_id, position, dead_letter, type, run_id, command_id, body, due_at)
     select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::timestamptz[])
     on conflict do nothing`,
    [
      wanted.map(({ rule }) => rule.ruleId),
      wanted.map(({ position }) => position),
      wanted.map(({ deadLetter }) => deadLetter),
      wanted.map(({ notification }) => notification.type),
      wanted.map(({ run }) => run?.runId ?? null),
      wanted.map(({ notification: { data } }) => ('approvalId' in data ? data.approvalId : null)),
      wanted.map(({ notification }) => JSON.stringify(notification)),
      wanted.map(({ rule }) => new Date(whenTold(nowMs, rule))),
    ],
  );
}

function isTold(rule: ListeningRule, news: News): boolean {
  const { notification, run } = news;
  if (!isNewTo(rule, news) || !rule.events.some((event) => event === notification.type)) return false;
  if (notification.type === 'run.finished' && rule.statuses?.includes(notification.data.status) === false) return false;
  return isOfRuns(rule, run);
}
