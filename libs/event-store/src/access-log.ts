import { createHash } from 'node:crypto';
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

interface Row {
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

const COLUMNS =
  'position, at_ms, kind, actor::text as actor, address, route, code, about, count, detail::text as detail, hash';

/** Newest first. `before`: the position of the last one of the page before. */
export async function readAccessLog(
  pool: Pool,
  filter: { readonly kind?: string | undefined; readonly actor?: string | undefined },
  limit: number,
  before?: number,
): Promise<readonly AccessEntry[]> {
  const rows = await query<Row>(
    pool,
    'read-access-log',
    `select ${COLUMNS} from baton.access_log
      where position < coalesce($1, 9223372036854775807)
        and ($2::text is null or kind = $2)
        and ($3::text is null or actor->>'id' = $3)
      order by position desc limit $4`,
    [before ?? null, filter.kind ?? null, filter.actor ?? null, limit],
  );
  return rows.map(toEntry);
}

/** How the log of access stands: whole up to its head, or where it is not. */
export interface AccessLogCheck {
  readonly verified: boolean;
  readonly entries: number;
  /** Of the newest entry; hexadecimal. */
  readonly hash: string;
  readonly problem: string | null;
}

const PAGE = 1_000;

/** Hashes every entry anew, from the first one on, and holds the last against the head. */
export async function verifyAccessLog(pool: Pool): Promise<AccessLogCheck> {
  let hash: Buffer = Buffer.alloc(32);
  let position = 0;
  const wrong = (problem: string): AccessLogCheck => ({
    verified: false,
    entries: position,
    hash: hash.toString('hex'),
    problem,
  });
  const heads = await query<Pick<Row, 'position' | 'hash'>>(
    pool,
    'access-head',
    'select position, hash from baton.access_head',
    [],
  );
  const [head] = heads;
  if (head === undefined) return wrong('The log of access has no head.');
  for (;;) {
    const page = await query<Row>(
      pool,
      'access-page',
      `select ${COLUMNS} from baton.access_log where position > $1 and position <= $2 order by position limit ${PAGE}`,
      [position, head.position],
    );
    for (const row of page) {
      if (row.position !== position + 1) return wrong(`Entry ${position + 1} of the log of access is missing.`);
      const expected = hashOf(hash, row);
      if (!expected.equals(row.hash))
        return wrong(`Entry ${row.position} of the log of access is not what was written.`);
      hash = expected;
      position = row.position;
    }
    if (page.length < PAGE) break;
  }
  if (position < head.position) return wrong(`Entry ${position + 1} of the log of access is missing.`);
  if (!hash.equals(head.hash)) return wrong('The head of the log of access is not its last entry.');
  return { verified: true, entries: position, hash: hash.toString('hex'), problem: null };
}

function hashOf(before: Buffer, row: Row): Buffer {
  const { position, at_ms, kind, actor, address, route, code, about, count, detail } = row;
  const fields = [String(position), String(at_ms), kind, actor, address, route, code, about, String(count), detail];
  const text = fields.map((field) => (field === null ? '-;' : `${Buffer.byteLength(field)}:${field};`)).join('');
  return createHash('sha256').update(before).update(text).digest();
}

const toEntry = ({ at_ms, actor, detail, hash, ...row }: Row): AccessEntry => ({
  ...row,
  at: new Date(at_ms).toISOString(),
  actor: actor === null ? null : Actor.parse(JSON.parse(actor)),
  detail: detail === null ? null : Json.parse(JSON.parse(detail)),
  hash: hash.toString('hex'),
});
