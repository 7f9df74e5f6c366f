import { randomUUID } from 'node:crypto';
import type { Actor, Json } from '@baton/contracts';
import { appendBatch, claimLane, createPool, type NewCommand, type NewEvent } from '@baton/event-store';
import { RunEvent, type RunEventOf } from '@baton/workflow';
import { asAppended } from '@baton/workflow/testing';

/** Writes events the way the hub does, through append_batch, without deciding anything. */
export interface TestLog {
  /** Appends to the run's end. A type the program does not know may be given too. */
  append(runId: string, ...events: readonly AnyEvent[]): Promise<void>;
  /** Begins a run that another one asked for, by this command. */
  begin(runId: string, parentCommand: string, ...events: readonly AnyEvent[]): Promise<void>;
  /** Appends and answers a request in the same transaction. */
  answer(runId: string, requestId: string, ...events: readonly AnyEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** By whom it was; by nobody in particular where that is not said. */
type AnyEvent = (RunEvent | { readonly type: string; readonly data: Json }) & { readonly actor?: Actor };

const ENDS: ReadonlySet<string> = new Set(['RunSucceeded', 'RunFailed', 'RunCancelled']);

export async function openTestLog(url: string): Promise<TestLog> {
  const pool = createPool(url, { role: 'hub', max: 2, applicationName: 'test-log' });
  const lane = await claimLane(pool, 'test-log', 3_600_000);
  if (lane === null) throw new Error('every lane is held');
  const versions = new Map<string, number>();
  const open = new Set<string>();
  /** Rows of the command table: of approvals alone, which are listed by them. */
  const asked = (runId: string, events: readonly AnyEvent[]): readonly NewCommand[] =>
    approvalsIn(events)
      .filter(({ commandId }) => commandId.startsWith(runId) && !open.has(commandId))
      .map(({ commandId, deadline }) => {
        open.add(commandId);
        const unsent = { queue: null, priority: 2, notBefore: null, heartbeatSeconds: null };
        return { commandId, name: 'approval', message: {}, deadline, ...unsent };
      });
  const settled = (runId: string, events: readonly AnyEvent[]): readonly string[] =>
    events.map(settledCommand).filter((commandId) => commandId.startsWith(runId) && open.delete(commandId));
  const parents = new Map<string, string>();
  const answer = async (runId: string, requestId: string | null, events: readonly AnyEvent[]): Promise<void> => {
    const expectedVersion = versions.get(runId) ?? 0;
    const result = await appendBatch(pool, lane, 0, [
      {
        runId,
        expectedVersion,
        events: events.map(toNewEvent),
        consume: settled(runId, events),
        requests: requestId === null ? [] : [requestId],
        commands: asked(runId, events),
        ended: events.some(({ type }) => ENDS.has(type)),
        parentCommand: parents.get(runId) ?? null,
      },
    ]);
    if (!result.ok) throw new Error(`not appended: ${JSON.stringify(result.conflicts)}`);
    versions.set(runId, expectedVersion + events.length);
  };
  return {
    append: (runId, ...events) => answer(runId, null, events),
    begin: (runId, parentCommand, ...events) => {
      parents.set(runId, parentCommand);
      return answer(runId, null, events);
    },
    answer: (runId, requestId, ...events) => answer(runId, requestId, events),
    close: () => pool.end(),
  };
}

const approvalsIn = (events: readonly AnyEvent[]): readonly RunEventOf<'TaskScheduled'>['data'][] =>
  events.flatMap((event) => {
    const parsed = RunEvent.safeParse(event);
    return parsed.success && parsed.data.type === 'TaskScheduled' && parsed.data.data.resource === 'baton:approval'
      ? [parsed.data.data]
      : [];
  });

/** The command that an event settles; empty for any other event. */
function settledCommand(event: AnyEvent): string {
  const parsed = RunEvent.safeParse(event);
  if (!parsed.success) return '';
  const { type, data } = parsed.data;
  return type === 'ApprovalDecided' || type === 'TaskTimedOut' || type === 'CommandCancelled' ? data.commandId : '';
}

const toNewEvent = (event: AnyEvent): NewEvent =>
  asAppended(event, {
    ...{ eventId: randomUUID(), nowMs: Date.now() },
    actor: event.actor ?? { type: 'system', id: 'test' },
  });
