import type { InboxRow, Statement, Tables } from './tables.js';

/** The statements that accepted requests and dead letters are kept with. */

const rowOf = ({ requestId, name, message, traceparent, acceptedMs, isVouched }: InboxRow): object => ({
  request_id: requestId,
  name,
  message,
  traceparent,
  is_vouched: isVouched,
  accepted_at: new Date(acceptedMs).toISOString(),
});

const accept: Statement = (tables, [requestId, name, message, begins, traceparent]) => {
  const id = String(requestId);
  if (tables.inbox.has(id)) return [];
  tables.inbox.set(id, {
    requestId: id,
    name: String(name),
    message: String(message),
    begins: begins === null ? null : String(begins),
    traceparent: traceparent === null ? null : String(traceparent),
    acceptedMs: tables.nowMs(),
    isVouched: true,
  });
  return [{ inserted: 1 }];
};

const found = (row: InboxRow | undefined): readonly object[] => (row === undefined ? [] : [rowOf(row)]);

const byAge = (one: InboxRow, other: InboxRow): number =>
  one.acceptedMs - other.acceptedMs || (one.requestId < other.requestId ? -1 : 1);

const pending: Statement = (tables, [after, afterId, limit, olderThanMs]) => {
  const afterMs = after === '-infinity' ? Number.NEGATIVE_INFINITY : Date.parse(String(after));
  return [...tables.inbox.values()]
    .filter(
      ({ acceptedMs, requestId }) => acceptedMs > afterMs || (acceptedMs === afterMs && requestId > String(afterId)),
    )
    .filter(({ requestId }) => !tables.places.waiting.has(requestId))
    .filter(({ acceptedMs }) => olderThanMs === undefined || acceptedMs <= tables.nowMs() - Number(olderThanMs))
    .toSorted(byAge)
    .slice(0, Number(limit))
    .map(rowOf);
};

const lookUp: Statement = (tables, [ids]) => {
  const rows = (ids as readonly string[]).flatMap((id) => found(tables.inbox.get(id)));
  const change = 1;
  return rows.length === 0
    ? [{ change, request_id: null, name: null, message: null, traceparent: null }]
    : rows.map((row) => ({ change, ...row }));
};

const letter = (tables: Tables, [source, name, reason, message]: readonly unknown[]): readonly object[] => {
  tables.letters.push({
    id: tables.letters.length + 1,
    source: String(source),
    name: String(name),
    reason: String(reason),
    message: String(message),
  });
  return [{ inserted: 1 }];
};

const strikeOff: Statement = (tables, [requestId, ...rest]) => {
  tables.inbox.delete(String(requestId));
  return letter(tables, rest);
};

const findRequest: Statement = (tables, [requestId]) => {
  const runId = tables.requests.get(String(requestId));
  return runId === undefined ? [] : [{ run_id: runId }];
};

const begunBy: Statement = (tables, [runId]) =>
  found([...tables.inbox.values()].toSorted(byAge).find(({ begins }) => begins === runId));

const wasTaken: Statement = (tables, [runId, causationId]) =>
  (tables.eventsOf.get(String(runId)) ?? []).some((event) => event.causationId === causationId) ? [{ taken: 1 }] : [];

export const requestStatements: Readonly<Record<string, Statement>> = {
  'accept-request': accept,
  'waiting-request': (tables, [requestId]) => found(tables.inbox.get(String(requestId))),
  'accepted-run': begunBy,
  'find-request': findRequest,
  'forget-request': (tables, [requestId]) => (tables.inbox.delete(String(requestId)) ? [{ deleted: 1 }] : []),
  'pending-requests': pending,
  'look-up-requests': lookUp,
  'record-dead-letter': letter,
  'strike-off': strikeOff,
  'result-taken': wasTaken,
  // It is about nothing that has to be done.
  'note-refused-result': () => [],
  // Nobody asks for letters to be taken up again, and no producer signs.
  'letters-to-send': () => [],
  'find-producer': () => [],
};
