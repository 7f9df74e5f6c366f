import type { Notification } from '@baton/contracts';
import { sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { notifications } from '../database.js';
import type { ToldRun } from './told-run.js';

/** A webhook that is told of news. */
export interface Listener {
  readonly webhookId: string;
  readonly events: readonly string[];
  /** Null: runs of all workflows. */
  readonly workflows: readonly string[] | null;
  /** A run must have all of them. */
  readonly labels: Readonly<Record<string, string>>;
  /** It hears of nothing that was before it. */
  readonly afterPosition: number;
  readonly afterDeadLetter: number;
}

/** Something that happened, with its place in the log or among the dead letters. */
export interface News {
  readonly position: number | null;
  readonly deadLetter: number | null;
  /** Null where it is about no run that is known. */
  readonly run: ToldRun | null;
  readonly notification: Notification;
}

const Labels = z.record(z.string(), z.string());

const listening = (connection: Pool | PoolClient, name: string) =>
  notifications(connection, name).selectFrom('webhook').where('disabled_at', 'is', null);

export const hasListeners = async (pool: Pool): Promise<boolean> =>
  (await listening(pool, 'has-listeners').select('webhook_id').limit(1).execute()).length > 0;

/** The lock keeps an endpoint from being removed before its deliveries are stored. */
export async function readListeners(client: PoolClient): Promise<readonly Listener[]> {
  const rows = await listening(client, 'listeners')
    .select(['webhook_id', 'events', 'workflows', 'labels', 'after_position', 'after_dead_letter'])
    .forKeyShare()
    .execute();
  return rows.map((row) => ({
    webhookId: row.webhook_id,
    events: row.events,
    workflows: row.workflows,
    labels: Labels.parse(JSON.parse(row.labels)),
    afterPosition: row.after_position,
    afterDeadLetter: row.after_dead_letter,
  }));
}

/**
 * @param publicUrl where receivers reach the gateway, without a slash at its end
 * @returns how many were new
 */
export async function storeDeliveries(
  client: PoolClient,
  news: readonly News[],
  listeners: readonly Listener[],
  publicUrl: string,
): Promise<number> {
  const wanted = news.flatMap((each) =>
    listeners.filter((listener) => isWanted(listener, each)).map(({ webhookId }) => ({ webhookId, ...each })),
  );
  if (wanted.length === 0) return 0;
  const { numInsertedOrUpdatedRows } = await notifications(client, 'store-deliveries')
    .insertInto('webhook_delivery')
    .columns(['webhook_id', 'position', 'dead_letter', 'run_id', 'type', 'body'])
    .expression(
      sql`select * from unnest(
        ${wanted.map(({ webhookId }) => webhookId)}::uuid[],
        ${wanted.map(({ position }) => position)}::bigint[],
        ${wanted.map(({ deadLetter }) => deadLetter)}::bigint[],
        ${wanted.map(({ run }) => run?.runId ?? null)}::uuid[],
        ${wanted.map(({ notification }) => notification.type)}::text[],
        ${wanted.map(({ notification }) => JSON.stringify(withAbsoluteLinks(notification, publicUrl)))}::text[])`,
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows);
}

/** A receiver knows nothing but what it is sent: it must be able to follow a link as it stands there. */
function withAbsoluteLinks(notification: Notification, publicUrl: string): object {
  const { data } = notification;
  if (!('links' in data)) return notification;
  const links = Object.entries(data.links).map(([name, path]) => [name, `${publicUrl}${path}`]);
  return { ...notification, data: { ...data, links: Object.fromEntries(links) } };
}

function isWanted(listener: Listener, news: News): boolean {
  return (
    isNewTo(listener, news) &&
    listener.events.some((event) => event === news.notification.type) &&
    isOfRuns(listener, news.run)
  );
}

/** Whether it happened after the listener was made. */
export function isNewTo(
  { afterPosition, afterDeadLetter }: Pick<Listener, 'afterPosition' | 'afterDeadLetter'>,
  { position, deadLetter }: Pick<News, 'position' | 'deadLetter'>,
): boolean {
  return (position !== null && position > afterPosition) || (deadLetter !== null && deadLetter > afterDeadLetter);
}

/** Whether a run is among those chosen. What belongs to no run that is known goes to those who did not choose their runs. */
export function isOfRuns({ workflows, labels }: Pick<Listener, 'workflows' | 'labels'>, run: ToldRun | null): boolean {
  const wanted = Object.entries(labels);
  if (run === null) return workflows === null && wanted.length === 0;
  const has = ([name, value]: readonly [string, string]): boolean =>
    Object.hasOwn(run.labels, name) && run.labels[name] === value;
  return (workflows === null || workflows.includes(run.workflow)) && wanted.every(has);
}
