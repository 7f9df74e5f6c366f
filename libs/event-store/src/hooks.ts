import { Actor, type CreateHookBody, HookRun, HookVerification, Json } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { query } from './pool.js';

/** There are no more than so many. */
export const MOST_HOOKS = 1_000;

/** An address at which somebody outside starts runs. */
export interface StoredHook extends CreateHookBody {
  /** What the request ids of its runs are made from: nobody is shown it. */
  readonly key: string;
  readonly createdBy: Actor;
  readonly madeAt: string;
}

interface Row {
  readonly name: string;
  readonly verify: string;
  readonly secret: string;
  readonly run: string;
  readonly input: string | null;
  readonly key: string;
  readonly created_by: string;
  readonly made_at: Date;
}

const COLUMNS =
  'h.name, h.verify, h.secret, h.run::text, h.input::text, h.key, h.created_by::text as created_by, h.made_at';

const toHook = (row: Row): StoredHook => ({
  name: row.name,
  verify: HookVerification.parse(row.verify),
  secret: row.secret,
  run: HookRun.parse(JSON.parse(row.run)),
  ...(row.input === null ? {} : { input: Json.parse(JSON.parse(row.input)) }),
  key: row.key,
  createdBy: Actor.parse(JSON.parse(row.created_by)),
  madeAt: row.made_at.toISOString(),
});

/**
 * It is as old as the transaction: a key that was held in it is revoked later.
 *
 * @returns why it was not stored
 */
export async function storeHook(
  connection: Pool | PoolClient,
  hook: CreateHookBody & { readonly createdBy: Actor },
): Promise<StoredHook | 'exists' | 'too-many'> {
  const { name, verify, secret, run, input, createdBy } = hook;
  const { rows } = await connection.query<Row>(
    `insert into baton.hook as h (name, verify, secret, run, input, created_by, made_at)
     select $1, $2, $3, $4, $5, $6, now() where (select count(*) from baton.hook) < $7
     on conflict do nothing returning ${COLUMNS}`,
    [
      ...[name, verify, secret, JSON.stringify(run), input === undefined ? null : JSON.stringify(input)],
      ...[JSON.stringify(createdBy), MOST_HOOKS],
    ],
  );
  const [row] = rows;
  if (row !== undefined) return toHook(row);
  const { rows: same } = await connection.query('select from baton.hook where name = $1', [name]);
  return same.length > 0 ? 'exists' : 'too-many';
}

export async function listHooks(pool: Pool): Promise<readonly StoredHook[]> {
  const rows = await query<Row>(pool, 'list-hooks', `select ${COLUMNS} from baton.hook h order by h.name`, []);
  return rows.map(toHook);
}

export async function findHook(pool: Pool, name: string): Promise<StoredHook | null> {
  const rows = await query<Row>(pool, 'find-hook', `select ${COLUMNS} from baton.hook h where h.name = $1`, [name]);
  return rows[0] === undefined ? null : toHook(rows[0]);
}

/** @returns whether it was there */
export async function removeHook(pool: Pool, name: string): Promise<boolean> {
  const rows = await query(pool, 'remove-hook', 'delete from baton.hook where name = $1 returning name', [name]);
  return rows.length > 0;
}
