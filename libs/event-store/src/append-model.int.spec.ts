import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { AppendItem, Conflict } from './batch.js';
import { outstandingCommands } from './commands.js';
import { findRequest } from './inbox.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { logHead, readStream } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anEvent, anItem } from './testing/store.js';
import { verifyLog } from './verify.js';

const isLong = inject('effort') === 'long';

/*
 * Random batches against Postgres and against the simplest thing that could be right: a map of versions, a map of open
 * commands, a map of answered requests. Both must refuse the same items for the same reasons and end in the same state.
 */

let database: TestDatabase;
let pool: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(database.url, { role: 'hub', applicationName: 'append-model' });
  lane = await aLane(pool);
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

class Model {
  readonly versions = new Map<string, number>();
  readonly commands = new Map<string, string>();
  readonly requests = new Map<string, string>();

  /** What append must refuse: first what the batch repeats within itself, else what the log says. */
  conflicts(items: readonly AppendItem[]): readonly Conflict[] {
    const seen = new Set<string>();
    const repeated = items.flatMap(({ requests }, index): Conflict[] =>
      requests.flatMap((key) => {
        if (seen.has(key)) return [{ index, reason: 'request-seen' as const, key }];
        seen.add(key);
        return [];
      }),
    );
    if (repeated.length > 0) return repeated;
    return items.flatMap((item, index): Conflict[] => [
      ...((this.versions.get(item.runId) ?? 0) === item.expectedVersion
        ? []
        : [{ index, reason: 'version-conflict' as const, key: item.runId }]),
      ...item.consume
        .filter((key) => this.commands.get(key) !== item.runId)
        .map((key) => ({ index, reason: 'command-gone' as const, key })),
      ...item.requests
        .filter((key) => this.requests.has(key))
        .map((key) => ({ index, reason: 'request-seen' as const, key })),
    ]);
  }

  apply(items: readonly AppendItem[]): void {
    for (const { runId, expectedVersion, events, consume, requests, commands } of items) {
      if (events.length > 0) this.versions.set(runId, expectedVersion + events.length);
      for (const commandId of consume) this.commands.delete(commandId);
      for (const requestId of requests) this.requests.set(requestId, runId);
      for (const { commandId } of commands) this.commands.set(commandId, runId);
    }
  }
}

/** Choices, made concrete when the batch is built: `versionError` is added to the right version, numbers pick from what exists. */
const itemChoice = fc.record({
  versionError: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) }),
  events: fc.nat({ max: 3 }),
  issue: fc.nat({ max: 2 }),
  consume: fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 2 }),
  requests: fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 2 }),
});
const batchChoice = fc.uniqueArray(fc.record({ run: fc.nat({ max: 3 }), item: itemChoice }), {
  selector: ({ run }) => run,
  minLength: 1,
  maxLength: 4,
});
type BatchChoice = (typeof batchChoice extends fc.Arbitrary<infer T> ? T : never)[number];

const byText = (conflicts: readonly Conflict[]): readonly string[] =>
  conflicts.map((conflict) => JSON.stringify([conflict.index, conflict.reason, conflict.key])).toSorted();

test('append agrees with a simple model of it on any sequence of batches', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batchChoice, { minLength: 1, maxLength: 12 }), async (batches) => {
      const model = new Model();
      const runs: readonly string[] = Array.from({ length: 4 }, () => randomUUID());
      const world = randomUUID();
      const issued = new Map<string, string[]>();
      const build = ({ run, item }: BatchChoice): AppendItem => {
        const runId = runs[run] ?? '';
        const ids = issued.get(runId) ?? [];
        const fresh = Array.from({ length: item.issue }, (_, n) => `${runId}-${ids.length + n + 1}`);
        const consume = item.consume.flatMap((n) => ids[ids.length - 1 - n] ?? []);
        issued.set(runId, [...ids, ...fresh]);
        return anItem(runId, {
          expectedVersion: Math.max(0, (model.versions.get(runId) ?? 0) + item.versionError),
          events: Array.from({ length: item.events }, () => anEvent()),
          consume,
          requests: item.requests.map((n) => `${world} ${n}`),
          commands: fresh.map((id) => aCommand(id)),
        });
      };
      for (const choice of batches) {
        const items = choice.map(build);
        const head = await logHead(pool);
        const expected = model.conflicts(items);
        const result = await appendBatch(pool, lane, 0, items);
        if (result.ok) {
          expect(expected).toEqual([]);
          expect(result.firstPosition).toBe(head + 1);
          model.apply(items);
        } else {
          expect(byText(result.conflicts)).toEqual(byText(expected));
          expect(await logHead(pool)).toBe(head);
        }
      }
      for (const runId of runs) {
        expect((await readStream(pool, runId, {})).at(-1)?.version ?? 0).toBe(model.versions.get(runId) ?? 0);
      }
      const open = (await outstandingCommands(pool, { limit: 100_000 })).filter(({ runId }) => runs.includes(runId));
      expect(open.map(({ commandId }) => commandId).toSorted()).toEqual([...model.commands.keys()].toSorted());
      for (let n = 0; n <= 9; n += 1) {
        expect((await findRequest(pool, `${world} ${n}`))?.runId).toBe(model.requests.get(`${world} ${n}`));
      }
    }),
    { numRuns: isLong ? 60 : 25 },
  );
  expect(await verifyLog(pool)).toMatchObject({ verified: true });
});
