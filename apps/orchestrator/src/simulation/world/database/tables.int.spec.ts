import { randomFrom } from '@baton/asl';
import { commandIdOf } from '@baton/contracts';
import {
  type AppendItem,
  acceptRequest,
  appendBatch,
  bumpDispatch,
  childrenEnded,
  childrenToStart,
  claimLane,
  commandsDue,
  createPool,
  eventStoreMigrations,
  findRequest,
  forgetRequest,
  type Lane,
  leaveLine,
  lineState,
  lineUp,
  listLanes,
  orphanedRuns,
  outstandingCommands,
  parkRun,
  pendingRequests,
  putBack,
  readLine,
  readStream,
  releaseParkedRuns,
  renewLane,
  saveDispatched,
  takeUp,
  undispatchedCommands,
} from '@baton/event-store';
import { createTestDatabase } from '@baton/event-store/testing';
import type { Pool } from 'pg';
import { expect, inject, test } from 'vitest';
import { Choices } from '../choices.js';
import { CAPS } from '../climate.js';
import { Clockwork } from '../clockwork.js';
import { Operations } from '../operations.js';
import { poolOf } from './pool.js';
import { Tables } from './tables.js';

/** The tables in memory, without a clock or a fault between. */
function poolInMemory(): Pool {
  const clockwork = new Clockwork(new Choices({ seed: 1 }));
  const [none, never] = [0, () => {}];
  const weather = { isAway: none, isUnanswered: none, isSlow: none, isKilled: none, isFrozen: none };
  const operations = new Operations({ clockwork, weather, isStormy: () => false, kill: never, freeze: never });
  operations.ask = async (_, __, act) => act();
  const process = {
    ...{ name: 'test', isKillable: false, isAlive: true, frozenUntilMs: 0, clockOffsetMs: 0, restart: null },
    jitter: () => 0,
  };
  return poolOf(process, {
    operations,
    tables: new Tables(() => Date.now()),
    answer: (_, values, next) => next(values),
    putTask: () => {},
    onAnswered: never,
    cursorLock: { holder: null, process: null },
  });
}

const RUNS = Array.from({ length: 4 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);

/** One database under a script, and what the script knows of it. */
interface Place {
  readonly pool: Pool;
  readonly lanes: Lane[];
  readonly versions: Map<string, number>;
}

/** One thing that a hub or a gateway does, the same in each place. */
type Act = (place: Place) => Promise<unknown>;
type Drawn = Omit<AppendItem, 'expectedVersion'> & { readonly isBehind: boolean };

const UNHELD: Lane = { lane: 0, fence: 0, dispatchedSeq: 0 };
const laneIn = ({ lanes }: Place, at: number): Lane => lanes[at % Math.max(1, lanes.length)] ?? UNHELD;

const claim: Act = async ({ pool, lanes }) => {
  const lane = await claimLane(pool, 'test', 600_000);
  if (lane !== null) lanes.push(lane);
  return lane;
};

async function append(place: Place, lane: Lane, sent: number, drawn: readonly Drawn[]): Promise<unknown> {
  const { pool, versions } = place;
  const items = drawn.map(({ isBehind, ...item }) => ({
    ...item,
    expectedVersion: Math.max(0, (versions.get(item.runId) ?? 0) - (isBehind ? 1 : 0)),
  }));
  const result = await appendBatch(pool, lane, sent, items);
  if (result.ok) for (const { runId, expectedVersion } of items) versions.set(runId, expectedVersion + 1);
  return result;
}

const LOOKS: readonly Act[] = [
  ({ pool }) => undispatchedCommands(pool, { limit: 20, scope: { lanes: [0], othersAfterMs: 60_000 } }),
  ({ pool }) => undispatchedCommands(pool, { afterSeq: 2, limit: 3 }),
  ({ pool }) => outstandingCommands(pool, { limit: 20, lanes: [0, 1] }),
  ({ pool }) => outstandingCommands(pool, { olderThanMs: 3_600_000, limit: 20 }),
  ({ pool }) => commandsDue(pool, 50).then((due) => due.map((each) => JSON.stringify(each)).toSorted()),
  ({ pool }) => childrenToStart(pool, { olderThanMs: -1_000, limit: 20 }),
  ({ pool }) => childrenEnded(pool, 20).then((rows) => rows.map(({ commandId }) => commandId).toSorted()),
  ({ pool }) => orphanedRuns(pool, 20).then((runs) => runs.toSorted()),
  ({ pool }) =>
    pendingRequests(pool, { limit: 20 }).then((rows) =>
      rows
        .map(({ requestId, isVouched, message }) => `${requestId} ${isVouched} ${JSON.stringify(message)}`)
        .toSorted(),
    ),
  ({ pool }) => Promise.all(RUNS.map((runId) => readStream(pool, runId, {}))),
  ({ pool }) => listLanes(pool, 1_000),
  ({ pool }) => lineState(pool),
  theLine,
];

const [SUBMITTERS, WORKFLOWS] = [
  ['ada', 'bob'],
  ['one', 'two'],
];

/** Who stands in line, who would be next in each, and what is taken. */
async function theLine({ pool }: Place): Promise<unknown> {
  const { heads, taken, underWay } = await readLine(pool, { perLine: 2, without: ['request-3'], keys: ['all runs'] });
  const next = heads.map(({ line, since, caps, ...head }) => JSON.stringify([head, ...caps]));
  return { next: next.toSorted(), taken: [...taken].toSorted(), underWay: [...underWay].toSorted() };
}

/** So many things, drawn. */
function script(seed: string, steps: number): readonly Act[] {
  const random = randomFrom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const issued: string[] = [];
  let events = 0;
  const drawnCommand = (runId: string): AppendItem['commands'][number] => {
    const commandId = commandIdOf(runId, issued.length + 1);
    issued.push(commandId);
    return {
      commandId,
      ...{
        queue: random() < 0.6 ? 'worker-a' : null,
        name: random() < 0.5 ? 'task' : 'run',
        message: { n: issued.length },
      },
      ...{ priority: below(4), notBefore: null, heartbeatSeconds: random() < 0.3 ? 3_600 : null },
      deadline: random() < 0.3 ? '2020-01-01T00:00:00.000Z' : null,
    };
  };
  const drawnItem = (runId: string): Drawn => {
    events += 1;
    const mine = issued.filter((commandId) => commandId.startsWith(runId));
    const [id, name] = [SUBMITTERS[below(2)] ?? '', WORKFLOWS[below(2)] ?? ''];
    const begins = { submittedBy: { type: 'user', id }, workflow: { name }, labels: {} };
    const [type, data] = random() < 0.6 ? ['RunStarted', begins] : ['Drawn', { events }];
    const settled = random() < 0.5 ? mine[below(mine.length)] : undefined;
    return {
      runId,
      isBehind: random() < 0.1,
      events: [
        {
          ...{ eventId: `00000000-0000-4000-9000-${String(events).padStart(12, '0')}`, type },
          ...{ schemaVersion: 1, causationId: null, correlationId: 'c', recordedAt: '2026-01-01T00:00:00.000Z' },
          ...{ actor: { type: 'system', id: 'test' }, data },
        },
      ],
      consume: settled === undefined ? [] : [settled],
      requests: random() < 0.2 ? [`request-${below(20)}`] : [],
      commands: Array.from({ length: below(3) }, () => drawnCommand(runId)),
      ended: random() < 0.1,
      parentCommand: random() < 0.3 ? (issued[below(issued.length)] ?? null) : null,
    };
  };
  const drawnAppend = (): Act => {
    const drawn = RUNS.filter(() => random() < 0.4).map(drawnItem);
    const [at, sent] = [below(3), below(4)];
    return (place) => append(place, laneIn(place, at), sent, drawn);
  };
  const drawnLook = (): Act => LOOKS[below(LOOKS.length)] ?? claim;
  const drawnChange = (): Act => {
    const [n, run, id] = [below(10), RUNS[below(RUNS.length)] ?? '', issued[below(issued.length)] ?? 'none'];
    const requestId = `request-${below(20)}`;
    const [caps, submitter, workflow] = [CAPS[below(CAPS.length)], SUBMITTERS[below(2)], WORKFLOWS[below(2)]];
    const facts = { submitter: `user:${submitter}`, workflow: `${workflow}`, labels: {}, priority: n % 3 };
    const unaccepted = n < 5 ? null : { message: { n }, view: {} };
    const lined = { requestId, name: 'submit', runId: run, ...facts, unaccepted };
    const policy = n === 0 ? null : JSON.stringify({ runs: caps });
    const changes: readonly Act[] = [
      claim,
      ({ pool }) =>
        acceptRequest(pool, {
          requestId,
          name: 'submit',
          message: { runId: run },
          ...(n < 5 ? { traceparent: `${n}` } : {}),
        }),
      ({ pool }) => forgetRequest(pool, requestId),
      ({ pool }) => findRequest(pool, requestId),
      ({ pool }) => bumpDispatch(pool, id, n % 2),
      ({ pool }) => parkRun(pool, run),
      ({ pool }) => releaseParkedRuns(pool).then((runs) => runs.toSorted()),
      ({ pool }) => lineUp(pool, [lined]),
      ({ pool }) => lineUp(pool, [lined]),
      ({ pool }) => takeUp(pool, [requestId]),
      ({ pool }) => putBack(pool, requestId),
      ({ pool }) => leaveLine(pool, n < 5 ? null : [requestId]),
      ({ pool }) =>
        pool
          .query({ name: 'set-limits', text: 'select baton.set_limits($1::json)', values: [policy] })
          .then(() => 'said'),
      (place) => saveDispatched(place.pool, laneIn(place, n), n),
      (place) => renewLane(place.pool, laneIn(place, n), n < 3 ? -1_000 : 600_000),
    ];
    return changes[below(changes.length)] ?? claim;
  };
  const kinds = [drawnAppend, drawnAppend, drawnLook, drawnChange];
  return [claim, ...Array.from({ length: steps }, () => (kinds[below(kinds.length)] ?? drawnLook)())];
}

/** What differs by the nature of the thing: the clock, and the hash of the leaf. */
const shown = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (key, each: unknown) =>
      ['createdAt', 'leafHash', 'waitMs', 'acceptedAt'].includes(key) ? undefined : each,
    ),
  );

const told = (act: Act, place: Place): Promise<unknown> =>
  act(place).then(shown, (thrown: unknown) =>
    thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'threw',
  );

test.each(['one', 'two', 'three'])(
  'the tables of the simulation answer as Postgres does: %s',
  async (seed) => {
    const database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
    const real = createPool(database.url, { role: 'owner', applicationName: 'simulated-tables' });
    const placeOn = (pool: Pool): Place => ({ pool, lanes: [], versions: new Map() });
    const [inMemory, inPostgres] = [placeOn(poolInMemory()), placeOn(real)];
    try {
      for (const [step, act] of script(seed, 300).entries())
        expect({ step, told: await told(act, inMemory) }).toEqual({ step, told: await told(act, inPostgres) });
    } finally {
      await real.end();
      await database.drop();
    }
  },
  120_000,
);
