import { randomUUID } from 'node:crypto';
import { appendBatch, claimLane, createPool, readFacts } from '@baton/event-store';
import {
  decide,
  evolve,
  initialState,
  type RunEvent,
  type RunOrder,
  type RunState,
  readEvent,
  rebuild,
} from '@baton/workflow';
import type { Pool } from 'pg';
import { newEvent } from './new-event.js';
import { type BenchResult, figure } from './result.js';

const EVENTS = 20_000;
/** Steps that are written at once. */
const PAGE = 200;
const REPLAYS = 15;
const META = { nowMs: 1_750_000_000_000, actor: { type: 'system', id: 'bench' } } as const;

/** A task again and again, with a counter. */
const DOCUMENT = {
  name: 'bench-replay',
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
      Enough: { Type: 'Choice', Choices: [{ Condition: '{% $n >= 1000000 %}', Next: 'Done' }], Default: 'Work' },
      Done: { Type: 'Succeed' },
    },
  },
};

/** How many events a second are read from Postgres, checked and folded to a state: what every replay and audit does. */
export async function benchReplays(url: string): Promise<readonly BenchResult[]> {
  const pool = createPool(url, { role: 'hub', applicationName: 'baton-bench', max: 1 });
  try {
    const runId = await longRun(pool);
    const parts = { all: [] as number[], read: [] as number[], check: [] as number[], fold: [] as number[] };
    for (let round = -3; round < REPLAYS; round += 1) {
      const beganMs = performance.now();
      const stored = await readFacts(pool, runId, {});
      const readMs = performance.now();
      const events = stored.map(readEvent);
      const checkedMs = performance.now();
      if (rebuild(events).status !== 'running') throw new Error('the replay gave no running run');
      const foldedMs = performance.now();
      // The first ones warm up the compiler.
      if (round < 0) continue;
      parts.all.push((stored.length / (foldedMs - beganMs)) * 1000);
      parts.read.push(readMs - beganMs);
      parts.check.push(checkedMs - readMs);
      parts.fold.push(foldedMs - checkedMs);
    }
    const of = `replay of ${EVENTS} events`;
    return [
      figure(`${of}: read, checked and folded`, 'events/s', parts.all),
      figure(`${of}: reading from Postgres`, 'ms', parts.read),
      figure(`${of}: parsing and checking`, 'ms', parts.check),
      figure(`${of}: folding`, 'ms', parts.fold),
    ];
  } finally {
    await pool.end();
  }
}

async function longRun(pool: Pool): Promise<string> {
  const lane = await claimLane(pool, 'bench', 600_000);
  if (lane === null) throw new Error('no free lane');
  const runId = randomUUID();
  const submission = { requestId: runId, workflow: DOCUMENT.name, input: {}, runId };
  let state: RunState = initialState;
  let version = 0;
  for (let step = 0; version < EVENTS; ) {
    const events: RunEvent[] = [];
    for (; events.length < PAGE * 6; step += 1) {
      const start: RunOrder = { type: 'StartRun', submission, document: DOCUMENT, sha256: '' };
      const output = { ok: true, text: 'x'.repeat(40) };
      const order: RunOrder = step === 0 ? start : { type: 'CompleteTask', commandId: `${runId}-${step}`, output };
      const decided = await decide(state, order, META);
      state = decided.reduce(evolve, state);
      events.push(...decided);
    }
    const nothing = { consume: [], requests: [], commands: [], ended: false, parentCommand: null };
    const item = { runId, expectedVersion: version, events: events.map((event) => newEvent(event, META)), ...nothing };
    const result = await appendBatch(pool, lane, 0, [item]);
    if (!result.ok) throw new Error('the run was not written');
    version += events.length;
  }
  return runId;
}
