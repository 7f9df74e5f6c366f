import { expect, test } from 'vitest';
import { z } from 'zod';
import version1 from '../../golden/decided.v1.jsonl?raw';
import version2 from '../../golden/decided.v2.jsonl?raw';
import { ENGINE_VERSION } from '../engine.js';
import { RUN_ID } from '../testing/scenario.js';
import { eventIn, type RecordedFact } from './recorded-fact.js';
import { RunReplay } from './run-replay.js';

/*
 * Runs of every kind as each engine decided them, with all that stands around their events. As long as the engine has that version,
 * it decides them so. What engine 1 decided, this one decides so, too: it looks which engine the run says.
 */

const Run = z.object({
  name: z.string(),
  /** By their hash. */
  documents: z.record(z.string(), z.string()),
  facts: z.array(
    z.object({
      position: z.int(),
      version: z.int(),
      type: z.string(),
      schemaVersion: z.int(),
      dataText: z.string(),
      causationId: z.string().nullable(),
      correlationId: z.string().nullable(),
      recordedAt: z.string(),
      actorText: z.string(),
    }),
  ),
});

const runs = [version1, version2]
  .flatMap((file, index) =>
    file
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ engine: index + 1, ...Run.parse(JSON.parse(line)) })),
  )
  .map(({ name, engine, documents, facts }) => ({
    name: `${name} (engine ${engine})`,
    engine,
    facts: facts.map((fact): RecordedFact => {
      const sha256 = /^\{"documentSha256":"([0-9a-f]{64})"/.exec(fact.dataText)?.[1];
      const text = sha256 === undefined ? undefined : documents[sha256];
      return sha256 === undefined || text === undefined ? fact : { ...fact, document: { sha256, text } };
    }),
  }));

const WHAT_TO_DO =
  'decide gives something else than the engine of this version did. Is that meant? Then raise ENGINE_VERSION in engine.ts, say in docs/replay.md what changed, and record runs of the new one in golden/decided.v<version>.jsonl';

test('there are recorded runs of the engine of today', () => {
  expect(runs.length).toBeGreaterThan(20);
  expect(ENGINE_VERSION, 'record runs of the new engine, and read them here').toBe(2);
});

test.each(runs)('is decided as it was: $name', async ({ engine, facts }) => {
  const read = async (_: string, toVersion: number) => ({ events: facts.slice(0, toVersion).map(eventIn), before: 0 });
  const replay = new RunReplay(RUN_ID, { read });
  const difference = (await replay.take(facts)) ?? (await replay.finish());
  expect(difference, WHAT_TO_DO).toBeNull();
  expect(replay.tallies).toMatchObject([{ engine, events: facts.length, otherwise: 0 }]);
});

test('what an engine of before decided otherwise is counted, with an example, and no fault', async () => {
  const [run] = runs;
  const facts = (run?.facts ?? []).map((fact) => ({
    ...fact,
    dataText: fact.dataText.replaceAll('"engine":{"version":1,', '"engine":{"version":9,'),
  }));
  const forged = facts.map((fact, at) =>
    at === facts.findIndex(({ type }) => type === 'StateEntered')
      ? { ...fact, dataText: fact.dataText.replace('"visit":0', '"visit":7') }
      : fact,
  );
  const replay = new RunReplay(RUN_ID, { read: async () => ({ events: [], before: 0 }) });
  expect((await replay.take(forged)) ?? (await replay.finish())).toBeNull();
  const [tally] = replay.tallies;
  expect(tally).toMatchObject({ engine: 9, example: { problem: expect.stringContaining('StateEntered') } });
  expect(tally?.otherwise).toBeGreaterThan(0);
});
