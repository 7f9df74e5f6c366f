import { randomUUID } from 'node:crypto';
import type { Actor } from '@baton/contracts';
import { appendBatch, claimLane, type NewEvent } from '@baton/event-store';
import {
  decide,
  EVENT_SCHEMA_VERSION,
  evolve,
  initialState,
  type RunOrder,
  type RunState,
  TOLD_EVENTS,
  toStore,
} from '@baton/workflow';
import type { Pool } from 'pg';

/** Steps of a run: it has some 600 events, and is never so long that it holds copies of its state. */
const STEPS = 100;
const HUB: Actor = { type: 'system', id: 'orchestrator' };
const BEGIN_MS = 1_750_000_000_000;

/** A task again and again, with a counter, as the seven steps have it: arguments, a variable, and a Choice. */
const DOCUMENT = {
  name: 'bench-replay-log',
  version: '1.0.0',
  title: 'A task and a Choice',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      Begin: { Type: 'Pass', Assign: { n: 0 }, Next: 'Work' },
      Work: {
        Type: 'Task',
        Resource: 'baton:worker:noop',
        Arguments: { n: '{% $n %}' },
        Assign: { n: '{% $n + 1 %}' },
        Next: 'Enough',
      },
      Enough: { Type: 'Choice', Choices: [{ Condition: `{% $n >= ${STEPS} %}`, Next: 'Done' }], Default: 'Work' },
      Done: { Type: 'Succeed' },
    },
  },
};

/** Writes a log of at least so many events, as the hub would have: every run of it can be decided again. @returns its length */
export async function makeLog(pool: Pool, events: number, say: (text: string) => void): Promise<number> {
  const lane = await claimLane(pool, 'bench', 3_600_000);
  if (lane === null) throw new Error('no free lane');
  let written = 0;
  for (let run = 0; written < events; run += 1) {
    const runId = randomUUID();
    const made = await eventsOfRun(runId);
    const nothing = { consume: [], requests: [], commands: [], parentCommand: null };
    const result = await appendBatch(pool, lane, 0, [
      { runId, expectedVersion: 0, events: made, ended: true, ...nothing },
    ]);
    if (!result.ok) throw new Error('the run was not written');
    written += made.length;
    if (run % 200 === 0) say(`${written} events written …`);
  }
  return written;
}

async function eventsOfRun(runId: string): Promise<readonly NewEvent[]> {
  const requestId = `start ${runId}`;
  const submission = { requestId, workflow: DOCUMENT.name, input: { from: 'bench' }, runId };
  const events: NewEvent[] = [];
  let state: RunState = initialState;
  for (let step = 0; state.status === 'new' || state.status === 'running'; step += 1) {
    const output = { ok: true, text: 'x'.repeat(40) };
    const order: RunOrder =
      step === 0
        ? { type: 'StartRun', submission, document: DOCUMENT, sha256: '0'.repeat(64) }
        : { type: 'CompleteTask', commandId: `${runId}-${step}`, output };
    const actor: Actor = step === 0 ? { type: 'user', id: 'bench' } : { type: 'agent', id: 'noop' };
    const nowMs = BEGIN_MS + step * 1_000;
    for (const event of await decide(state, order, { nowMs, actor })) {
      state = evolve(state, event);
      const { data, document } = toStore(event);
      const dataText = JSON.stringify(data);
      events.push({
        eventId: randomUUID(),
        type: event.type,
        schemaVersion: EVENT_SCHEMA_VERSION,
        causationId: step === 0 ? requestId : `answer ${step}`,
        correlationId: requestId,
        recordedAt: new Date(nowMs).toISOString(),
        actor: TOLD_EVENTS.has(event.type) ? actor : HUB,
        data: JSON.parse(dataText),
        dataText,
        ...(document === null ? {} : { document }),
      });
    }
  }
  return events;
}
