import { Actor, Json, storableText } from '@baton/contracts';
import type { Pool, PoolClient } from 'pg';
import { query } from './pool.js';

/** Something to remember of who was refused, or who asked for what. */
export interface AccessNote {
  readonly kind: string;
  /** Null where nobody could prove who they are. */
  readonly actor: Actor | null;
  readonly address?: string | undefined;
  readonly route?: string | undefined;
  readonly code?: string | undefined;
  readonly about?: string | undefined;
  readonly count?: number | undefined;
  readonly detail?: Json | undefined;
}

export interface AccessEntry {
  readonly position: number;
  /** RFC 3339. */
  readonly at: string;
  readonly kind: string;
  readonly actor: Actor | null;
  readonly address: string | null;
  readonly route: string | null;
  readonly code: string | null;
  readonly about: string | null;
  readonly count: number;
  readonly detail: Json | null;
  /** Hexadecimal. */
  readonly hash: string;
}

const MOST_CHARACTERS = 500;
const short = (text: string | undefined): string | null =>
  text === undefined ? null : storableText(text.slice(0, MOST_CHARACTERS));

/** @param connection the client of a transaction, where the entry has to stand if and only if something else does */
export async function noteAccess(connection: Pool | PoolClient, note: AccessNote): Promise<void> {
  const { kind, actor, address, route, code, about, count = 1, detail } = note;
  const values = [
    kind,
    actor === null ? null : storableText(JSON.stringify(actor)),
    short(address),
    short(route),
    short(code),
    short(about),
    count,
    detail === undefined ? null : storableText(JSON.stringify(detail)),
  ];
  await query(connection, 'note-access', 'select baton.note_access($1, $2, $3, $4, $5, $6, $7, $8)', values);
}

/** An entry as it stands in its table. */
export interface AccessRow {
  readonly position: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly actor: string | null;
  readonly address: string | null;
  readonly route: string | null;
  readonly code: string | null;
  readonly about: string | null;
  readonly count: number;
  readonly detail: string | null;
  readonly hash: Buffer;
}

export const ACCESS_COLUMNS =
  'position, at_ms, kind, actor::text as actor, address, route, code, about, count, detail::text as detail, hash';

/** Newest first. `before`: the position of the last one of the page before. */
export async function readAccessLog(
  pool: Pool,
  filter: { readonly kind?: string | undefined; readonly actor?: string | undefined },
  limit: number,
  before?: number,
): Promise<readonly AccessEntry[]> {
  const rows = await query<AccessRow>(
    pool,
    'read-access-log',
    `select ${ACCESS_COLUMNS} from baton.access_log
      where position < coalesce($1, 9223372036854775807)
        and ($2::text is null or kind = $2)
        and ($3::text is null or actor->>'id' = $3)
      order by position desc limit $4`,
    [before ?? null, filter.kind ?? null, filter.actor ?? null, limit],
  );
  return rows.map(toEntry);
}

const toEntry = ({ at_ms, actor, detail, hash, ...row }: AccessRow): AccessEntry => ({
  ...row,
  at: new Date(at_ms).toISOString(),
  actor: actor === null ? null : Actor.parse(JSON.parse(actor)),
  detail: detail === null ? null : Json.parse(JSON.parse(detail)),
  hash: hash.toString('hex'),
});
