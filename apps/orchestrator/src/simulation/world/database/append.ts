import { BEGINNINGS, capsOf, placeFacts } from './places.js';
import type { Statement, Tables } from './tables.js';

/*
 * `append_batch` as Postgres does it: all or nothing, with the conflicts by name. A constraint that Postgres would have is
 * one here, too: what would break it fails, and is not written.
 */

/** The values of the statement, by the names that the function gives them. */
export interface AppendValues {
  readonly lane: number;
  readonly fence: number;
  readonly dispatchedSeq: number;
  readonly items: readonly {
    readonly runId: string;
    readonly expected: number;
    readonly version: number;
    readonly status: number;
    readonly first: number;
    readonly last: number;
    readonly parent: string | null;
  }[];
  readonly consumed: readonly { readonly item: number; readonly commandId: string }[];
  readonly requests: readonly { readonly item: number; readonly requestId: string }[];
  readonly events: readonly {
    readonly runId: string;
    readonly version: number;
    readonly type: string;
    readonly schemaVersion: number;
    readonly eventId: string;
    readonly causationId: string | null;
    readonly correlationId: string | null;
    readonly recordedAt: string;
    readonly actor: string;
    readonly data: string;
  }[];
  readonly commands: readonly {
    readonly commandId: string;
    readonly runId: string;
    readonly queue: string | null;
    readonly name: string;
    readonly message: string;
    readonly priority: number;
    readonly notBefore: string | null;
    readonly deadline: string | null;
    readonly heartbeatSeconds: number | null;
  }[];
}

const ARGUMENTS = 34;

/** The columns of a part of the values, as rows. */
function rows<T>(values: readonly unknown[], from: number, names: readonly string[]): readonly T[] {
  const columns = names.map((_, at) => values[from + at] as readonly unknown[]);
  const count = columns[0]?.length ?? 0;
  return Array.from(
    { length: count },
    (_, n) => Object.fromEntries(names.map((name, at) => [name, columns[at]?.[n]])) as T,
  );
}

const EVENT = ['runId', 'version', 'type', 'schemaVersion', 'eventId', 'causationId', 'correlationId'];
const COMMAND = ['commandId', 'runId', 'queue', 'name', 'message', 'priority', 'notBefore', 'deadline'];

export const readAppend = (values: readonly unknown[]): AppendValues => ({
  lane: Number(values[0]),
  fence: Number(values[1]),
  dispatchedSeq: Number(values[2]),
  items: rows(values, 3, ['runId', 'expected', 'version', 'status', 'first', 'last', 'parent']),
  consumed: rows(values, 10, ['item', 'commandId']),
  requests: rows(values, 12, ['item', 'requestId']),
  events: rows(values, 14, [...EVENT, 'recordedAt', 'actor', 'data', 'leaf']),
  commands: rows(values, 25, [...COMMAND, 'heartbeatSeconds']),
});

const constraint = (message: string): Error => Object.assign(new Error(message), { code: '23505' });

/** How far what a lane has sent has to be from what is saved of it, to be saved with an append. */
const SAVED_AFTER = 100;

/** What comes behind the arguments of the function, by the name of the statement and in this order. */
export function restOf(name: string, values: readonly unknown[]) {
  const rest = values.slice(ARGUMENTS);
  const ofUnseen = name.includes('-unseen') ? rest.splice(0, 2) : null;
  const ofDocuments = name.includes('-naming') ? rest.splice(0, 2) : null;
  return { ofUnseen, ofDocuments, along: rest };
}

/** What the transaction gives for an append. */
export const append: Statement = (tables, values, name) => {
  const { ofUnseen, ofDocuments } = restOf(name, values);
  const given = readAppend(values);
  if (ofUnseen !== null && isSeen(tables, ofUnseen)) return [];
  const lane = tables.lanes[given.lane];
  if (lane === undefined || lane.fence !== given.fence)
    throw Object.assign(new Error(`lane ${given.lane} is fenced`), { code: 'BT001' });
  const changed = conflictsOf(tables, given);
  const conflicts = changed.length > 0 ? changed : withoutPlace(tables, given);
  if (given.dispatchedSeq > lane.dispatchedSeq + SAVED_AFTER) lane.dispatchedSeq = given.dispatchedSeq;
  if (conflicts.length > 0) return conflicts;
  if (ofDocuments !== null)
    nameDocuments(tables, ofDocuments[0] as readonly Buffer[], ofDocuments[1] as readonly (string | null)[]);
  return write(tables, given);
};

/** Whether an append wrote. */
export const isWritten = (rows: readonly object[]): boolean => {
  const [row] = rows;
  return row !== undefined && 'reason' in row && row.reason === 'written';
};

function isSeen(tables: Tables, [requestIds]: readonly unknown[]): boolean {
  return (requestIds as readonly string[]).some((requestId) => tables.inbox.has(requestId));
}

function conflictsOf(tables: Tables, { items, consumed, requests }: AppendValues) {
  const seen = requests.filter(({ requestId }) => tables.requests.has(requestId));
  const gone = consumed.filter(
    ({ item, commandId }) => tables.commands.get(commandId)?.runId !== items[item - 1]?.runId,
  );
  const stale = items.flatMap(({ runId, expected }, n) =>
    (tables.stream(runId)?.version ?? 0) === expected ? [] : [{ item: n + 1, key: runId }],
  );
  const none = { head: null, seq: null, at: null };
  return [
    ...seen.map(({ item, requestId: key }) => ({ item, reason: 'request-seen', key, ...none })),
    ...gone.map(({ item, commandId: key }) => ({ item, reason: 'command-gone', key, ...none })),
    ...stale.map((each) => ({ ...each, reason: 'version-conflict', ...none })),
  ];
}

/** The runs of a batch that would begin and go on, and for which some cap has no room. */
function withoutPlace({ places }: Tables, { items, events }: AppendValues) {
  if (places.caps === null) return [];
  const asked = new Map<string, number>();
  return items.flatMap(({ expected, status, first, last, parent }, n) => {
    const begins = events[first - 1];
    if (expected !== 0 || status !== 0 || parent !== null || last < first || begins === undefined) return [];
    const full: string[] = [];
    for (const [key, most] of capsOf(places.caps, placeFacts(begins))) {
      const nth = (asked.get(key) ?? 0) + 1;
      asked.set(key, nth);
      if (places.underWay(key) + nth > most) full.push(key);
    }
    const [key] = full.toSorted();
    return key === undefined ? [] : [{ item: n + 1, reason: 'no-place', key, head: null, seq: null, at: null }];
  });
}

/** A run that ends gives its places back; one that begins, or goes on after its end, has some. */
function takePlaces({ places }: Tables, { items, requests, events }: AppendValues): void {
  if (places.caps === null) return;
  for (const { runId, status } of items) if (status === 1) places.taken.delete(runId);
  for (const { requestId } of requests) places.waiting.delete(requestId);
  for (const { runId, status, first, last, parent } of items) {
    const begins = events.slice(first - 1, last).find(({ type }) => BEGINNINGS.has(type));
    if (status === 0 && parent === null && begins !== undefined && !places.taken.has(runId))
      places.taken.set(runId, placeFacts(begins));
  }
}

function nameDocuments(tables: Tables, hashes: readonly Buffer[], texts: readonly (string | null)[]): void {
  for (const [n, hash] of hashes.entries()) {
    const sha256 = hash.toString('hex');
    const text = texts[n] ?? tables.documents.get(sha256);
    if (text === undefined) throw Object.assign(new Error(`no document ${sha256}`), { code: 'BT002' });
    tables.documents.set(sha256, text);
  }
}

function write(tables: Tables, values: AppendValues) {
  const { items, consumed, requests, events } = values;
  const before = tables.head;
  const seq = tables.commandSeq;
  const nowMs = tables.nowMs();
  assertConstraints(tables, values);
  takePlaces(tables, values);
  for (const { commandId } of consumed) tables.commands.delete(commandId);
  for (const { item, requestId } of requests) {
    tables.inbox.delete(requestId);
    tables.requests.set(requestId, items[item - 1]?.runId ?? '');
  }
  for (const { runId, version, status, first, last, parent } of items) {
    if (last < first) continue;
    const known = tables.streams.get(runId);
    if (known === undefined)
      tables.streams.set(runId, { runId, version, status, first: before + first, last: before + last, parent });
    else Object.assign(known, { version, status, last: before + last, parent });
  }
  for (const event of events) {
    tables.head += 1;
    const row = { ...event, position: tables.head };
    tables.events.push(row);
    const ofRun = tables.eventsOf.get(event.runId);
    if (ofRun === undefined) tables.eventsOf.set(event.runId, [row]);
    else ofRun.push(row);
  }
  issue(tables, values, nowMs);
  return [{ item: null, reason: 'written', key: null, head: before, seq, at: new Date(nowMs) }];
}

function assertConstraints(tables: Tables, { consumed, events, commands }: AppendValues): void {
  const isSettled = (commandId: string): boolean => consumed.some((each) => each.commandId === commandId);
  for (const { commandId } of commands)
    if (tables.commands.has(commandId) && !isSettled(commandId)) throw constraint(`command ${commandId} stands twice`);
  for (const { runId, version } of events)
    if ((tables.eventsOf.get(runId)?.length ?? 0) >= version)
      throw constraint(`event ${runId}/${version} stands twice`);
}

function issue(tables: Tables, { lane, commands }: AppendValues, nowMs: number): void {
  for (const { notBefore, deadline, ...command } of commands) {
    tables.commandSeq += 1;
    const { commandId, heartbeatSeconds } = command;
    const notBeforeMs = timeOf(notBefore);
    const beatsFromMs = Math.max(nowMs, notBeforeMs ?? nowMs);
    tables.commands.set(commandId, {
      ...command,
      seq: tables.commandSeq,
      lane,
      notBeforeMs,
      deadlineMs: timeOf(deadline),
      createdMs: nowMs,
      heartbeatDeadlineMs: heartbeatSeconds === null ? null : beatsFromMs + heartbeatSeconds * 1_000,
      dispatchNo: 0,
    });
  }
}

const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));
