import { randomUUID } from 'node:crypto';
import { eventHash } from '@baton/proof';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPool } from './pool.js';
import { RunVersions } from './run-versions.js';
import { readLog } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { verifyLog } from './verify.js';

/* Memory for two runs and pages of three events: what is not remembered has to be found in the log. */
const TIGHT = { page: 3, runs: 2 };

let database: TestDatabase;
let owner: Pool;
let reader: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'verify-test', max: 1 });
  reader = createPool(database.url, { role: 'gateway', applicationName: 'verify-test', max: 2 });
  await owner.query('update baton.log set partition_size = 4');
  await owner.query('drop table baton.event_000000');
  for (let from = 0; from <= 60; from += 4) await owner.query('select baton.ensure_partition($1)', [from]);
});
afterAll(async () => {
  await owner?.end();
  await reader?.end();
  await database?.drop();
});

interface Written {
  readonly position: number;
  readonly runId: string;
  readonly version: number;
}

/** Writes a log as it is given, each event with its right hash: only order and numbers can be wrong. */
async function write(log: readonly Written[], head = log.length): Promise<void> {
  await owner.query('set session_replication_role = replica');
  await owner.query('delete from baton.event');
  for (const { position, runId, version } of log) {
    const recordedAt = '2026-01-02T03:04:05.678Z';
    const [actorText, dataText] = ['{"type":"system","id":"test"}', '{}'];
    const [eventId, type, schemaVersion] = [randomUUID(), 'SomethingHappened', 1];
    const leaf = { runId, version, type, schemaVersion, eventId, causationId: null, correlationId: null, recordedAt };
    await owner.query(
      `insert into baton.event (position, run_id, version, type, schema_version, event_id, recorded_at, actor, data, leaf_hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [position, runId, version, type, schemaVersion, eventId, recordedAt, actorText, dataText].concat([
        eventHash({ ...leaf, actorText, dataText }) as never,
      ]),
    );
  }
  await owner.query('delete from baton.stream');
  await owner.query(
    `insert into baton.stream (run_id, version, first_position, last_position)
       select run_id, max(version), min(position), max(position) from baton.event group by run_id`,
  );
  await owner.query('update baton.log set head = $1', [head]);
}

/** What verification says that holds every run in memory. */
function expected(log: readonly Written[], head: number) {
  const versions = new Map<string, number>();
  let position = 0;
  const verdict = (problem: string | null) => ({
    verified: problem === null,
    events: position,
    runs: versions.size,
    problem,
  });
  for (const event of log.toSorted((a, b) => a.position - b.position)) {
    const version = (versions.get(event.runId) ?? 0) + 1;
    if (event.position !== position + 1) return verdict(`position ${position + 1} is missing`);
    if (event.version !== version) {
      return verdict(`run ${event.runId}: version ${version} is missing before position ${position + 1}`);
    }
    position = event.position;
    versions.set(event.runId, version);
  }
  return verdict(position < head ? `the log ends at position ${position}, the sequencer says ${head}` : null);
}

/** Events of five runs, one after the other in no order. */
function sound(random: () => number): readonly Written[] {
  const runs = Array.from({ length: 5 }, () => randomUUID());
  const versions = new Map<string, number>();
  return Array.from({ length: 24 }, (_, n) => {
    const runId = runs[Math.floor(random() * runs.length)] ?? '';
    const version = (versions.get(runId) ?? 0) + 1;
    versions.set(runId, version);
    return { position: n + 1, runId, version };
  });
}

type Tamper = (log: readonly Written[], at: number) => readonly Written[];

const TAMPERS: Readonly<Record<string, Tamper>> = {
  'no change': (log) => log,
  'an event gone': (log, at) => log.toSpliced(at, 1),
  'an event gone, and the gap closed': (log, at) =>
    log.toSpliced(at, 1).map((event, n) => ({ ...event, position: n + 1 })),
  'a version left out': (log, at) => change(log, at, ({ version }) => ({ version: version + 1 })),
  'a version again': (log, at) => change(log, at, ({ version }) => ({ version: Math.max(1, version - 1) })),
  'a run begun again': (log, at) => change(log, at, () => ({ version: 1 })),
  'an event of another run': (log, at) => change(log, at, () => ({ runId: log[0]?.runId ?? '' })),
  'two events exchanged': (log, at) => {
    const [a, b] = [log[at], log.slice(at + 1).find(({ runId }) => runId === log[at]?.runId)];
    if (a === undefined || b === undefined) return log;
    return log.map((event) =>
      event === a ? { ...b, position: a.position } : event === b ? { ...a, position: b.position } : event,
    );
  },
};

const change = (log: readonly Written[], at: number, to: (event: Written) => Partial<Written>): readonly Written[] =>
  log.map((event, n) => (n === at ? { ...event, ...to(event) } : event));

/** The database holds a version of a run once within a partition. */
const isPossible = (log: readonly Written[]): boolean => {
  const keys = log.map(({ position, runId, version }) => `${Math.floor(position / 4)} ${runId} ${version}`);
  return new Set(keys).size === keys.length;
};

test.each(Object.entries(TAMPERS))('finds %s as if it held every run in memory', async (_, tamper) => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let tried = 0;
  for (let attempt = 0; tried < 6; attempt += 1) {
    expect(attempt).toBeLessThan(100);
    const log = tamper(sound(random), Math.floor(random() * 24));
    if (!isPossible(log)) continue;
    tried += 1;
    const head = Math.max(...log.map(({ position }) => position));
    await write(log, head);
    expect(await verifyLog(reader, { limits: TIGHT })).toEqual(expected(log, head));
    expect(await verifyLog(reader)).toEqual(expected(log, head));
  }
});

test('remembers no more runs than it may, and finds the versions of the others in the log', async () => {
  const runs = Array.from({ length: 20 }, () => randomUUID());
  const log = [1, 2].flatMap((version) => runs.map((runId) => ({ runId, version })));
  await write(log.map((event, n) => ({ ...event, position: n + 1 })));
  const reached = new RunVersions(owner, 4);
  const beginnings = await readLog(owner, { afterPosition: 0, limit: 20 });
  reached.keep(new Map(beginnings.map(({ runId }) => [runId, 1])));
  expect(reached.size).toBe(4);
  const rest = await readLog(owner, { afterPosition: 20, limit: 20 });
  expect([...(await reached.before(rest, 20)).values()]).toEqual(runs.map(() => 1));
  expect([...(await reached.before(beginnings, 0)).values()].slice(0, 16)).toEqual(Array.from({ length: 16 }, () => 0));
  expect(await verifyLog(reader, { limits: TIGHT })).toEqual({ verified: true, events: 40, runs: 20, problem: null });
});
