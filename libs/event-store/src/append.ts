import { type Alongside, BatonError, storableText } from '@baton/contracts';
import type { Pool } from 'pg';
import { appendArguments, repeatedKeys, storableItem } from './append-arguments.js';
import type { AppendItem, AppendResult, Conflict, UnseenRequest } from './batch.js';
import type { NamedDocument } from './documents.js';
import type { Lane } from './lanes.js';
import { query } from './pool.js';

interface AppendRow {
  readonly item: number | null;
  readonly reason: Conflict['reason'] | 'written';
  readonly key: string | null;
  readonly head: number | null;
  readonly seq: number | null;
  readonly at: Date | null;
}

const ARGUMENTS = 34;
const [, ...BUT_LANE] = Array.from({ length: ARGUMENTS }, (_, n) => `$${n + 1}`);
const APPEND = `baton.append_batch($1, ${BUT_LANE.join(', ')}) as a`;

/** Documents are stored with the first event that names them: one statement, so one transaction, whatever runs first. */
const NAMING = 'baton.name_documents';
const afterwards = (fn: string, first: number, values: number): string =>
  `case a.reason when 'written' then ${fn}(${Array.from({ length: values }, (_, n) => `$${first + n}`).join(', ')}) end`;

/**
 * Appends only where none of the requests is one that the gateway accepted, and the workflows are as they were known to be;
 * gives no row otherwise. So a request need not be looked up before it is decided. The table of the change is the catalog's:
 * nothing else has requests that were read by workflows.
 */
const appendUnseen = (first: number): string =>
  `(select $1::smallint as lane
     where not exists (select from baton.inbox b where b.request_id = any($${first}::text[]))
       and (select c.number from baton.workflow_change c) = all($${first + 1}::bigint[])) as unchanged
   cross join lateral baton.append_batch(unchanged.lane, ${BUT_LANE.join(', ')}) as a`;

/** Of a statement, what is after the arguments of the append: each part with its values. */
interface Parts {
  readonly unseen: readonly UnseenRequest[];
  /** Hashes and texts; null where a batch has no documents. */
  readonly documents: readonly [readonly Buffer[], readonly (string | null)[]] | null;
  readonly along: Alongside | null;
}

interface Statement {
  readonly name: string;
  readonly sql: string;
}
/** Each made once: it is compared with what was prepared. */
const statements = new Map<string, Statement>();

function statementOf({ unseen, documents, along }: Parts): Statement {
  const name = `append-batch${documents === null ? '' : '-naming'}${unseen.length === 0 ? '' : '-unseen'}${along === null ? '' : ` ${along.fn}`}`;
  const known = statements.get(name);
  if (known !== undefined) return known;
  const first = ARGUMENTS + 1;
  const afterUnseen = first + (unseen.length === 0 ? 0 : 2);
  const afterDocuments = afterUnseen + (documents === null ? 0 : 2);
  const columns = [
    'a.*',
    ...(documents === null ? [] : [`${afterwards(NAMING, afterUnseen, 2)} as documents`]),
    ...(along === null ? [] : [`${afterwards(along.fn, afterDocuments, along.values.length)} as along`]),
  ];
  const made = { name, sql: `select ${columns.join(', ')} from ${unseen.length === 0 ? APPEND : appendUnseen(first)}` };
  statements.set(name, made);
  return made;
}

/**
 * Writes a batch in one transaction, all or nothing. A run may appear once. On a conflict nothing is written and the
 * offenders are named; drop them and append the rest. Where something was to be seen for a request that was not looked up,
 * all such requests of the batch are offenders: it is not asked which.
 *
 * @param dispatchedSeq what the lane has sent to the queues so far; saved along where it is far from what was saved last
 * @param along what is done in the same transaction, where the batch is written
 * @throws LaneFenced when the lane was taken over; RetryableError `database-unreachable`; BatonError `invalid-append`
 *   when a run stands twice in the batch or a time is none
 */
export async function appendBatch(
  pool: Pool,
  lane: Lane,
  dispatchedSeq: number,
  batch: readonly AppendItem[],
  along: Alongside | null = null,
): Promise<AppendResult> {
  const items = batch.map(storableItem);
  refuseRepeatedRun(items);
  const repeated = repeatedKeys(items);
  if (repeated.length > 0) return refusal(batch, repeated);
  const unseen = items.flatMap((item) => item.unseen ?? []);
  const rows = await append(pool, appendArguments(lane, dispatchedSeq, items), documentsOf(items), { unseen, along });
  const [first] = rows;
  if (first === undefined) return refusal(batch, mustLookUp(items));
  if (first.reason !== 'written' || first.head === null || first.seq === null || first.at === null) {
    return refusal(batch, rows.map(toConflict));
  }
  const { head, seq } = first;
  const createdMs = first.at.getTime();
  const createdAt = first.at.toISOString();
  const commands = items.flatMap(({ runId, commands }) => commands.map((command) => ({ ...command, runId })));
  return {
    ok: true,
    firstPosition: head + 1,
    commands: commands.map((command, n) => ({
      ...command,
      seq: seq + n + 1,
      lane: lane.lane,
      dispatchNo: 0,
      createdAt,
      waitMs: command.notBefore === null ? 0 : Math.max(0, Date.parse(command.notBefore) - createdMs),
    })),
  };
}

/** Hashes of documents that were seen stored, so that their text need not be sent again. */
const seenStored = new WeakMap<Pool, Set<string>>();
const MOST_SEEN = 10_000;

async function append(
  pool: Pool,
  values: readonly unknown[],
  documents: readonly NamedDocument[],
  rest: Omit<Parts, 'documents'>,
): Promise<readonly AppendRow[]> {
  if (documents.length === 0) return ask(pool, values, { ...rest, documents: null });
  const seen = seenStored.get(pool) ?? new Set();
  const send = async (isSeen: (sha256: string) => boolean): Promise<readonly AppendRow[]> => {
    const hashes = documents.map(({ sha256 }) => Buffer.from(sha256, 'hex'));
    const texts = documents.map(({ sha256, text }) => (isSeen(sha256) ? null : text));
    return ask(pool, values, { ...rest, documents: [hashes, texts] });
  };
  const rows = await send((sha256) => seen.has(sha256)).catch((thrown: unknown) => {
    // An older state of the database was restored under this process: it gives all of them once more.
    if (!(thrown instanceof BatonError) || thrown.code !== 'document-missing') throw thrown;
    seen.clear();
    return send(() => false);
  });
  if (rows[0]?.reason === 'written') {
    if (seen.size > MOST_SEEN) seen.clear();
    for (const { sha256 } of documents) seen.add(sha256);
    seenStored.set(pool, seen);
  }
  return rows;
}

function ask(pool: Pool, values: readonly unknown[], parts: Parts): Promise<readonly AppendRow[]> {
  const { unseen, documents, along } = parts;
  const { name, sql } = statementOf(parts);
  const looked = unseen.length === 0 ? [] : [unseen.map((one) => one.requestId), unseen.map((one) => one.change)];
  return query<AppendRow>(pool, name, sql, [...values, ...looked, ...(documents ?? []), ...(along?.values ?? [])]);
}

const OF_REQUEST: ReadonlySet<Conflict['reason']> = new Set(['request-seen', 'must-look-up']);

const documentsOf = (items: readonly AppendItem[]): readonly NamedDocument[] => [
  ...new Map(
    items.flatMap(({ events }) =>
      events.flatMap(({ document }) => (document === undefined ? [] : [[document.sha256, document] as const])),
    ),
  ).values(),
];

function toConflict(row: AppendRow): Conflict {
  if (row.item === null || row.key === null || row.reason === 'written') {
    throw new Error(`append_batch answered neither a write nor a conflict: ${JSON.stringify(row)}`);
  }
  return { index: row.item - 1, reason: row.reason, key: row.key };
}

const mustLookUp = (items: readonly AppendItem[]): readonly Conflict[] =>
  items.flatMap(({ unseen = [] }, index) =>
    unseen.map(({ requestId }) => ({ index, reason: 'must-look-up' as const, key: requestId })),
  );

/** Names requests as the caller wrote them, which may differ from their stored form. */
function refusal(batch: readonly AppendItem[], conflicts: readonly Conflict[]): AppendResult {
  const asWritten = ({ index, reason, key }: Conflict): Conflict => {
    const written = batch[index]?.requests.find((requestId) => storableText(requestId) === key);
    return { index, reason, key: OF_REQUEST.has(reason) ? (written ?? key) : key };
  };
  return { ok: false, conflicts: conflicts.map(asWritten) };
}

function refuseRepeatedRun(items: readonly AppendItem[]): void {
  const seen = new Set<string>();
  for (const { runId } of items) {
    if (seen.has(runId)) {
      throw new BatonError(`Run ${runId} stands twice in one batch.`, {
        code: 'invalid-append',
        next: 'Fold its messages into one item.',
      });
    }
    seen.add(runId);
  }
}
