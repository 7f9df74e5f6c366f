import { hash } from 'node:crypto';
import type { Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { asDatabaseError } from './database-errors.js';

/** An event as the log holds it, with its texts as bytes: for whoever reads all of it. Valid until the next page is asked for. */
export interface LogRow {
  readonly position: number;
  readonly runId: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly causationId: Buffer | null;
  readonly correlationId: Buffer | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  readonly actor: Buffer;
  readonly data: Buffer;
  /** The hash that stands beside the event. */
  readonly storedHash: Buffer;
  /** The hash of what the row holds now. */
  readonly hash: Buffer;
}

/** Positions that one statement reads: longer ones would keep the server from clearing away what others deleted meanwhile. */
const POSITIONS_AT_ONCE = 20_000;
const COLUMNS = `position, run_id, version, type, schema_version, event_id, causation_id, correlation_id, recorded_at,
  actor, data, leaf_hash`;

/**
 * The log from one position up to another, in its order, page by page; the hash of each event is computed anew. The rows come
 * in COPY's binary form: read as ordinary rows they took three times as long, most of it for values that are only hashed.
 *
 * @throws RetryableError `database-unreachable`
 */
export async function* logRows(
  pool: Pool,
  { afterPosition, toPosition }: { readonly afterPosition: number; readonly toPosition: number },
  positionsAtOnce = POSITIONS_AT_ONCE,
): AsyncGenerator<readonly LogRow[]> {
  for (let after = afterPosition; after < toPosition; after += positionsAtOnce) {
    const last = Math.min(toPosition, after + positionsAtOnce);
    yield* copied(
      pool,
      `copy (select ${COLUMNS} from baton.event where position > ${Number(after)} and position <= ${Number(last)}
              order by position) to stdout (format binary)`,
    );
  }
}

/** Runs by their ids, from one on and up to another, without that. */
export interface RunRange {
  readonly from: string;
  /** Null: to the last. */
  readonly before: string | null;
}

/**
 * The events of some runs up to a position, run by run and each in its order: whoever folds the whole log so has one run at
 * hand at a time. Reads all over the log, for which a cold disk takes longer than for `logRows`.
 *
 * @throws RetryableError `database-unreachable`
 */
export const runRows = (
  pool: Pool,
  { from, before }: RunRange,
  toPosition: number,
): AsyncGenerator<readonly LogRow[]> =>
  copied(
    pool,
    `copy (select ${COLUMNS} from baton.event
            where run_id >= '${asUuid(from)}'${before === null ? '' : ` and run_id < '${asUuid(before)}'`}
              and position <= ${Number(toPosition)}
            order by run_id, version) to stdout (format binary)`,
  );

/** COPY takes no parameters. */
function asUuid(text: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text;
  throw new Error(`${text} is no id of a run`);
}

async function* copied(pool: Pool, sql: string): AsyncGenerator<readonly LogRow[]> {
  const client = await pool.connect().catch((thrown: unknown) => {
    throw asDatabaseError(thrown, pool);
  });
  let isWhole = false;
  try {
    const stream = client.query(copyTo(sql));
    let rest: Buffer = Buffer.alloc(0);
    let begin = HEADER_BYTES;
    for await (const bytes of gathered(stream)) {
      const unread = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const rows: LogRow[] = [];
      let at = begin;
      for (let end = endOfRow(unread, at); end !== null; end = endOfRow(unread, at)) {
        rows.push(readRow(unread, at));
        at = end;
      }
      begin = Math.max(0, at - unread.length);
      rest = unread.subarray(at);
      if (rows.length > 0) yield rows;
    }
    isWhole = true;
  } catch (thrown) {
    throw asDatabaseError(thrown, pool);
  } finally {
    // What was given up half-way is still being sent: such a connection is good for nothing else.
    client.release(!isWhole);
  }
}

/** What is looked at together: a page has questions of its own to the database, so it is not as small as what a socket gives. */
const PAGE_BYTES = 1024 * 1024;

async function* gathered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size < PAGE_BYTES) continue;
    yield Buffer.concat(parts);
    [parts, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(parts);
}

/** The signature of the format, its flags, and the length of an extension, which is 0. */
const HEADER_BYTES = 19;
const FIELDS = 12;

/** Where the row that begins there ends; null where it is not all there yet, or it is the end of the table. */
function endOfRow(bytes: Buffer, begin: number): number | null {
  if (begin + 2 > bytes.length || bytes.readInt16BE(begin) !== FIELDS) return null;
  let at = begin + 2;
  for (let field = 0; field < FIELDS; field += 1) {
    if (at + 4 > bytes.length) return null;
    at += 4 + Math.max(0, bytes.readInt32BE(at));
  }
  return at <= bytes.length ? at : null;
}

function readRow(bytes: Buffer, begin: number): LogRow {
  let at = begin + 2;
  const next = (): Buffer | null => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return bytes.subarray(at - length, at);
  };
  const present = (): Buffer => next() ?? EMPTY;
  const position = Number(present().readBigInt64BE());
  const runId = uuid(present());
  const version = present().readInt32BE();
  const type = present();
  const schemaVersion = present().readInt16BE();
  const [eventId, causationId, correlationId, recordedAt, actor, data, storedHash] = [
    uuid(present()),
    next(),
    next(),
    instant(present().readBigInt64BE()),
    present(),
    present(),
    present(),
  ];
  const computed = hashOf([
    runId,
    String(version),
    type,
    String(schemaVersion),
    eventId,
    causationId,
    correlationId,
    recordedAt,
    actor,
    data,
  ]);
  const around = { causationId, correlationId, recordedAt, actor };
  return {
    ...{ position, runId, version, type: type.toString(), schemaVersion },
    ...around,
    ...{ data, storedHash, hash: computed },
  };
}

const EMPTY = Buffer.alloc(0);
/** Milliseconds from 1970 to 2000, where Postgres begins to count its microseconds. */
const EPOCH_MS = 946_684_800_000;

/** What is no time of the calendar, such as infinity, was never written so: its hash will differ. */
function instant(microseconds: bigint): string {
  const time = new Date(EPOCH_MS + Number(microseconds / 1_000n));
  return Number.isNaN(time.getTime()) ? String(microseconds) : time.toISOString();
}

const uuid = (bytes: Buffer): string => {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

let room = Buffer.allocUnsafe(64 * 1024);

/** The same as `eventHash`, over bytes that need not become texts first. */
function hashOf(fields: readonly (Buffer | string | null)[]): Buffer {
  const size = fields.reduce((sum, field) => sum + 4 + (field?.length ?? 0), 1);
  if (room.length < size) room = Buffer.allocUnsafe(size * 2);
  let at = room.writeUInt8(0, 0);
  for (const field of fields) {
    room.writeUInt32BE(field === null ? 0xffffffff : field.length, at);
    at += 4;
    if (typeof field === 'string') at += room.write(field, at, 'latin1');
    else if (field !== null) at += field.copy(room, at);
  }
  return hash('sha256', room.subarray(0, at), 'buffer');
}
