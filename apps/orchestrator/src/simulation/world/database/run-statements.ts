import { createHash } from 'node:crypto';
import type { EventRow, Rows, Statement } from './tables.js';

/** The statements that runs, their documents and what is beside them are read and written with. */

const SNAPSHOTS: ReadonlySet<string> = new Set(['RunForked', 'RunRetried', 'RunContinued']);

const fact = ({ version, type, schemaVersion, data }: EventRow): object => ({
  version,
  type,
  schema_version: schemaVersion,
  data,
});

const factsOfState: Statement = (tables, [runId, toVersion]) => {
  const events = (tables.eventsOf.get(String(runId)) ?? []).filter(({ version }) => version <= Number(toVersion));
  const from = events.findLastIndex(({ type }) => SNAPSHOTS.has(type));
  return events.slice(Math.max(0, from)).map(fact);
};

const stream: Statement = (tables, [runId, from, to, limit]) =>
  (tables.eventsOf.get(String(runId)) ?? [])
    .filter(({ version }) => version >= Number(from) && version <= Number(to))
    .slice(0, limit === null ? undefined : Number(limit))
    .map((event) => ({
      ...fact(event),
      position: event.position,
      run_id: event.runId,
      event_id: event.eventId,
      causation_id: event.causationId,
      correlation_id: event.correlationId,
      recorded_at: new Date(event.recordedAt),
      actor: event.actor,
      leaf_hash: Buffer.alloc(32),
    }));

const documentText: Statement = (tables, [sha256]) => {
  const body = tables.documents.get((sha256 as Buffer).toString('hex'));
  return body === undefined ? [] : [{ body }];
};

const park: Statement = (tables, [runId]) => {
  const run = tables.streams.get(String(runId));
  if (run?.status === 0) run.status = 2;
  return [];
};

const releaseParked: Statement = (tables) => {
  const parked = [...tables.streams.values()].filter(({ status }) => status === 2);
  for (const run of parked) run.status = 0;
  return parked.map(({ runId }) => ({ run_id: runId }));
};

const beginSuspect: Statement = (tables, [key, lane, fence, , tries]) => {
  const before = [...tables.suspects.values()].filter((suspect) => suspect.key === key);
  const isOver = (suspect: { readonly lane: number; readonly fence: number }): boolean => {
    const held = tables.lanes[suspect.lane];
    return held?.fence !== suspect.fence || held.leaseUntilMs < tables.nowMs();
  };
  const isGuilty = before.filter(isOver).length >= Number(tries) || before.some((suspect) => suspect.isGuilty);
  tables.suspects.set(`${key} ${lane} ${fence}`, {
    key: String(key),
    lane: Number(lane),
    fence: Number(fence),
    isGuilty,
  });
  return [{ is_guilty: isGuilty }];
};

const clearSuspect: Statement = (tables, [key]) => {
  for (const [id, suspect] of tables.suspects) if (suspect.key === key) tables.suspects.delete(id);
  return [];
};

const putBlob: Statement = (tables, [content]) => {
  const sha256 = createHash('sha256')
    .update(content as Buffer)
    .digest();
  tables.blobs.set(sha256.toString('hex'), content as Buffer);
  return [{ sha256 }];
};

const getBlob: Statement = (tables, [sha256]) => [
  { content: tables.blobs.get((sha256 as Buffer).toString('hex')) ?? null },
];

const KEPT_ALIVE_MS = 10_000;

const livingKinds: Statement = (tables) => {
  const living = [...tables.workers.values()].filter(
    ({ seenMs, isStopped }) => !isStopped && seenMs > tables.nowMs() - KEPT_ALIVE_MS,
  );
  return [...Map.groupBy(living, ({ kind }) => kind)].map(([kind, workers]) => ({
    kind,
    bundle: Math.min(...workers.map(({ bundle }) => bundle)),
    has_own_door: workers.every(({ hasOwnDoor }) => hasOwnDoor),
    some_have: workers.some(({ hasOwnDoor }) => hasOwnDoor),
    looks_at_rungs: workers.every(({ looksAtRungs }) => looksAtRungs),
  }));
};

const announceWorker: Statement = (tables, values) => {
  const [workerId, kind] = values;
  tables.workers.set(String(workerId), {
    kind: String(kind),
    isStopped: values[9] === true,
    bundle: Number(values[18]),
    hasOwnDoor: values[19] === true,
    looksAtRungs: values[21] === true,
    seenMs: tables.nowMs(),
  });
  return [];
};

const closedCommands: Statement = (tables, [ids]): Rows =>
  (ids as readonly string[])
    .filter((id) => !tables.commands.has(id))
    .map((id) => ({ command_id: id, reason: 'closed' }));

export const runStatements: Readonly<Record<string, Statement>> = {
  'read-facts-of-state': factsOfState,
  'read-stream': stream,
  'document-text': documentText,
  'log-head': (tables) => [{ head: tables.head }],
  'park-run': park,
  'release-parked-runs': releaseParked,
  'begin-suspect': beginSuspect,
  'clear-suspect': clearSuspect,
  'put-blob': putBlob,
  'get-blob': getBlob,
  'living-kinds': livingKinds,
  'announce-worker': announceWorker,
  'closed-commands': closedCommands,
  'queue-key': () => [{ key: Buffer.alloc(32, 7) }],
  'database-time': (tables) => [{ now: new Date(tables.nowMs()) }],
};
