import type { CommandRecord, Rows, Statement, Tables } from './tables.js';

/** The statements that rounds look at commands, children and lanes with. Names end with what a variant asks in addition. */

const open = (tables: Tables): readonly CommandRecord[] => [...tables.commands.values()];
const bySeq = (one: CommandRecord, other: CommandRecord): number => one.seq - other.seq;
const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const rowOf = (tables: Tables, command: CommandRecord): object => ({
  seq: command.seq,
  command_id: command.commandId,
  lane: command.lane,
  run_id: command.runId,
  queue: command.queue,
  name: command.name,
  message: command.message,
  priority: command.priority,
  not_before: dateOf(command.notBeforeMs),
  deadline: dateOf(command.deadlineMs),
  dispatch_no: command.dispatchNo,
  created_at: new Date(command.createdMs),
  heartbeat_seconds: command.heartbeatSeconds,
  wait_ms: Math.max(0, (command.notBeforeMs ?? 0) - tables.nowMs()),
});

/** What a variant asks in addition, from the values behind those that every variant has. */
function asked(name: string, values: readonly unknown[], from: number) {
  const isOfAge = name.includes('-of-age');
  const next = from + (isOfAge ? 1 : 0);
  const isOfLanes = name.includes('-of-lanes');
  const lanes = isOfLanes ? (values[next] as readonly number[]) : null;
  const othersAfterMs = isOfLanes ? Number(values[next + 1]) : 0;
  return {
    isOld: (ms: number, nowMs: number): boolean => !isOfAge || ms <= nowMs - Number(values[from]),
    isInScope: (lane: number, ms: number, nowMs: number): boolean =>
      lanes === null || lanes.includes(lane) || ms <= nowMs - othersAfterMs,
  };
}

const undispatched: Statement = (tables, values, name) => {
  const [afterSeq, limit] = values;
  const nowMs = tables.nowMs();
  const { isOld, isInScope } = asked(name, values, 2);
  return open(tables)
    .filter(({ lane, seq }) => seq > Math.max(tables.lanes[lane]?.dispatchedSeq ?? 0, Number(afterSeq)))
    .filter(({ queue, runId }) => queue !== null && !tables.isParked(runId))
    .filter(({ createdMs, lane }) => isOld(createdMs, nowMs) && isInScope(lane, createdMs, nowMs))
    .toSorted(bySeq)
    .slice(0, Number(limit))
    .map((command) => rowOf(tables, command));
};

const outstanding: Statement = (tables, [afterSeq, limit, lanes, olderThanMs]) => {
  const before = tables.nowMs() - Number(olderThanMs ?? 0);
  return open(tables)
    .filter(({ seq, queue, runId }) => seq > Number(afterSeq) && queue !== null && !tables.isParked(runId))
    .filter(({ lane }) => lanes === null || (lanes as readonly number[]).includes(lane))
    .filter(
      ({ createdMs, notBeforeMs }) => olderThanMs === undefined || Math.max(createdMs, notBeforeMs ?? 0) <= before,
    )
    .toSorted(bySeq)
    .slice(0, Number(limit))
    .map((command) => rowOf(tables, command));
};

const OVERDUE_MS = 10_000;

const due: Statement = (tables, values, name) => {
  const nowMs = tables.nowMs();
  const { isInScope } = asked(name, values, 1);
  const found = open(tables).flatMap((command) => {
    const { commandId, runId, lane, deadlineMs, heartbeatDeadlineMs, createdMs } = command;
    if (tables.isParked(runId)) return [];
    const isSilent = deadlineMs === null || deadlineMs > nowMs;
    const dueMs = isSilent ? heartbeatDeadlineMs : deadlineMs;
    if (dueMs === null || dueMs > nowMs || !isInScope(lane, dueMs, nowMs)) return [];
    const isOverdue = Math.max(dueMs, createdMs) < nowMs - OVERDUE_MS;
    return [{ dueMs, row: { command_id: commandId, run_id: runId, is_silent: isSilent, is_overdue: isOverdue } }];
  });
  return found
    .toSorted((one, other) => one.dueMs - other.dueMs)
    .slice(0, Number(values[0]))
    .map(({ row }) => row);
};

const unadvised: Statement = (tables, [silentMs, limit, lanes]) => {
  const since = tables.nowMs() - Number(silentMs);
  if ([...tables.workers.values()].some(({ kind, seenMs }) => kind === 'advisor' && seenMs > since)) return [];
  return open(tables)
    .filter(({ queue, runId }) => queue === 'worker-advisor' && !tables.isParked(runId))
    .filter(({ lane }) => lanes === null || (lanes as readonly number[]).includes(lane))
    .slice(0, Number(limit))
    .map(({ commandId, runId }) => ({ command_id: commandId, run_id: runId }));
};

const childOf = (tables: Tables, commandId: string) =>
  [...tables.streams.values()].filter(({ parent }) => parent === commandId);

const asksForRun = (tables: Tables): readonly CommandRecord[] =>
  open(tables).filter(({ name, runId }) => name === 'run' && !tables.isParked(runId));

const childrenToStart: Statement = (tables, values, name) => {
  const nowMs = tables.nowMs();
  const { isOld, isInScope } = asked(name, values, 1);
  return asksForRun(tables)
    .filter(({ createdMs, lane }) => isOld(createdMs, nowMs) && isInScope(lane, createdMs, nowMs))
    .filter(({ commandId }) => childOf(tables, commandId).length === 0)
    .toSorted((one, other) => (one.commandId < other.commandId ? -1 : 1))
    .slice(0, Number(values[0]))
    .map((command) => rowOf(tables, command));
};

const childrenEnded: Statement = (tables, [, lanes]) =>
  asksForRun(tables)
    .filter(({ lane }) => lanes === null || (lanes as readonly number[]).includes(lane))
    .flatMap(({ commandId, runId }) => {
      const children = childOf(tables, commandId);
      const ended = children.find(({ status }) => status === 1);
      if (ended === undefined || children.some(({ status }) => status === 0)) return [];
      return [{ command_id: commandId, run_id: runId, child_id: ended.runId }];
    });

const orphaned: Statement = (tables) =>
  [...tables.streams.values()]
    .filter(({ parent, status }) => parent !== null && status === 0 && tables.commands.get(parent)?.name !== 'run')
    .map(({ runId }) => ({ run_id: runId }));

const claimLane: Statement = (tables, [owner, ttlMs]) => {
  const free = tables.lanes.find(({ leaseUntilMs }) => leaseUntilMs < tables.nowMs());
  if (free === undefined) return [];
  Object.assign(free, { owner, fence: free.fence + 1, leaseUntilMs: tables.nowMs() + Number(ttlMs) });
  return [{ lane: free.lane, fence: free.fence, dispatched_seq: free.dispatchedSeq }];
};

const renewLane: Statement = (tables, [number, fence, ttlMs]) => {
  const lane = tables.lanes[Number(number)];
  if (lane === undefined || lane.fence !== fence) return [{ renewed: false }];
  lane.leaseUntilMs = tables.nowMs() + Number(ttlMs);
  return [{ renewed: true }];
};

const saveDispatched: Statement = (tables, [number, fence, seq]) => {
  const lane = tables.lanes[Number(number)];
  if (lane !== undefined && lane.fence === fence) lane.dispatchedSeq = Math.max(lane.dispatchedSeq, Number(seq));
  return [];
};

const listLanes: Statement = (tables, [lastsMs]) =>
  tables.lanes.map(({ lane, fence, owner, leaseUntilMs }) => ({
    ...{ lane, fence, owner },
    is_held: leaseUntilMs > tables.nowMs() + Number(lastsMs),
  }));

const lanesLeftBehind: Statement = (tables, [lastsMs]) => {
  const withTasks = new Set(open(tables).flatMap(({ lane, queue }) => (queue === null ? [] : [lane])));
  return tables.lanes
    .filter(({ lane, leaseUntilMs }) => leaseUntilMs <= tables.nowMs() + Number(lastsMs) && withTasks.has(lane))
    .map(({ lane }) => ({ lane }));
};

const bumpDispatch: Statement = (tables, [commandId, from]): Rows => {
  const command = tables.commands.get(String(commandId));
  if (command === undefined || command.dispatchNo !== from) return [];
  command.dispatchNo += 1;
  return [{ dispatch_no: command.dispatchNo }];
};

const moveHeartbeat: Statement = (tables, [commandId, dispatchNo, waitSeconds]) => {
  const command = tables.commands.get(String(commandId));
  if (command === undefined || command.heartbeatSeconds === null) return [];
  const waits = command.dispatchNo === dispatchNo ? Number(waitSeconds) : 0;
  const later = tables.nowMs() + (command.heartbeatSeconds + waits) * 1_000;
  command.heartbeatDeadlineMs = Math.max(command.heartbeatDeadlineMs ?? 0, later);
  return [{ holder: null }];
};

/** By the name of the statement, without what a variant asks in addition. */
export const commandStatements: Readonly<Record<string, Statement>> = {
  'undispatched-commands': undispatched,
  'outstanding-commands': outstanding,
  'commands-due': due,
  'commands-unadvised': unadvised,
  'children-to-start': childrenToStart,
  'children-ended': childrenEnded,
  'orphaned-runs': orphaned,
  'claim-lane': claimLane,
  'renew-lane': renewLane,
  'save-dispatched': saveDispatched,
  'list-lanes': listLanes,
  'lanes-left-behind': lanesLeftBehind,
  'bump-dispatch': bumpDispatch,
  'move-heartbeat': moveHeartbeat,
  // No run of a simulation lands on a lineage.
  'versions-to-land': () => [],
};
