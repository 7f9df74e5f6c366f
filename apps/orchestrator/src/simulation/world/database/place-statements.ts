import { type Caps, capsOf, placeFacts, type WaitingRow } from './places.js';
import type { Statement, Tables } from './tables.js';

/** The statements that runs stand in line with. */

const lineState: Statement = ({ places }) => [
  { has_caps: places.caps !== null, is_any_waiting: places.waiting.size > 0 },
];

type Columns = readonly (readonly (string | number | null)[])[];

const lineUp: Statement = (tables, values) => {
  const [requestIds = [], names, messages, runs, submitters, workflows, , priorities] = values as Columns;
  for (const [n, request] of requestIds.entries()) {
    const [requestId, runId] = [String(request), String(runs?.[n])];
    const message = messages?.[n] ?? null;
    if (message !== null && !tables.requests.has(requestId) && !tables.inbox.has(requestId))
      tables.inbox.set(requestId, {
        ...{ requestId, name: String(names?.[n]), message: String(message), begins: runId, traceparent: null },
        ...{ acceptedMs: tables.nowMs(), isVouched: false },
      });
    if (!tables.inbox.has(requestId)) continue;
    const facts = { submitter: String(submitters?.[n]), workflow: String(workflows?.[n]) };
    tables.places.arrived({ ...{ requestId, runId, priority: Number(priorities?.[n]) }, ...facts });
  }
  return [];
};

const byTurn = (one: WaitingRow, other: WaitingRow): number => one.priority - other.priority || one.since - other.since;

const lineHeads: Statement = ({ places }, [perLine, without]) => {
  const inHand = new Set(without as readonly string[]);
  const waiting = [...places.waiting.values()].map((row) => {
    const caps = capsOf(places.caps, row);
    return { row, caps, line: JSON.stringify([row.submitter, ...caps.keys()]) };
  });
  return [...Map.groupBy(waiting, ({ line }) => line).values()].flatMap((line) =>
    line
      .filter(({ row }) => !inHand.has(row.requestId))
      .toSorted((one, other) => byTurn(one.row, other.row))
      .slice(0, Number(perLine))
      .map(({ row, caps, line: name }) => ({
        ...{
          request_id: row.requestId,
          line: name,
          submitter: row.submitter,
          priority: row.priority,
          since: row.since,
        },
        ...{ keys: [...caps.keys()], most: [...caps.values()] },
      })),
  );
};

const lineTaken: Statement = ({ places }, [keys]) => {
  const bySubmitter = Map.groupBy(places.taken.values(), ({ submitter }) => submitter);
  return [
    ...(keys as readonly string[]).map((name) => ({ name, count: places.underWay(name), is_cap: true })),
    ...[...bySubmitter].map(([name, runs]) => ({ name, count: runs.length, is_cap: false })),
  ];
};

const takeUp: Statement = ({ places, inbox }, [ids]) =>
  (ids as readonly string[]).flatMap((requestId) => {
    const [row, request] = [places.waiting.get(requestId), inbox.get(requestId)];
    if (row === undefined || request === undefined) return [];
    row.tries += 1;
    const { name, message, traceparent, isVouched } = request;
    return [{ request_id: requestId, name, message, traceparent, is_vouched: isVouched, tries: row.tries }];
  });

const putBack: Statement = ({ places }, [requestId]) => {
  const row = places.waiting.get(String(requestId));
  if (row !== undefined) row.tries = 0;
  return [];
};

const leaveLine: Statement = ({ places, inbox }, [ids]) => {
  const named = ids === null ? null : new Set(ids as readonly string[]);
  for (const requestId of places.waiting.keys())
    if (!inbox.has(requestId) && (named === null || named.has(requestId))) places.waiting.delete(requestId);
  return [];
};

/** Says other caps, as `set_limits` does. */
export function setCaps(tables: Tables, caps: Caps | null): void {
  const open = [...tables.streams.values()].filter(({ status, parent }) => status !== 1 && parent === null);
  const underWay = open.flatMap(({ runId }) => {
    const [first] = tables.eventsOf.get(runId) ?? [];
    return first === undefined ? [] : [[runId, placeFacts(first)] as const];
  });
  tables.places.setCaps(caps, underWay);
}

const setLimits: Statement = (tables, [policy]) => {
  setCaps(tables, policy === null ? null : (JSON.parse(String(policy)) as { readonly runs: Caps | null }).runs);
  return [{ number: 1 }];
};

export const placeStatements: Readonly<Record<string, Statement>> = {
  'line-state': lineState,
  'line-up': lineUp,
  'line-heads': lineHeads,
  'line-taken': lineTaken,
  'take-up-waiting': takeUp,
  'put-back-waiting': putBack,
  'leave-line': leaveLine,
  'set-limits': setLimits,
};
