import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AccessWitness, accessChain, accessHead, verifyAccessLog } from './access-chain.js';
import { noteAccess, readAccessLog } from './access-log.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let database: TestDatabase;
let pool: Pool;
/** What each entry has as its hash. */
const hashes = new Map<number, Buffer>();
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(database.url, { role: 'owner', max: 2, applicationName: 'access-chain' });
  for (let n = 1; n <= 6; n += 1) await noteAccess(pool, { kind: 'asked', actor: null, about: `${n}` });
  for (const { position, hash } of await readAccessLog(pool, {}, 10)) hashes.set(position, Buffer.from(hash, 'hex'));
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const at = (position: number): AccessWitness => ({
  position,
  hash: hashes.get(position) ?? Buffer.alloc(32),
  name: `note ${position}`,
});
const wrong = (position: number): AccessWitness => ({ ...at(position), hash: Buffer.alloc(32, 7) });

test('the chain is the same from its first entry, and from any that is known', async () => {
  const head = await accessHead(pool);
  expect(await accessChain(pool, { upTo: 6 })).toEqual({ ...head, signed: 0, problem: null });
  for (const from of [1, 3, 6]) {
    expect(await accessChain(pool, { from: at(from), upTo: 6 })).toEqual({ ...head, signed: 0, problem: null });
    expect((await accessChain(pool, { from: wrong(from), upTo: 6 })).problem).toBe(
      from === 6 ? null : `Entry ${from + 1} of the log of access is not what was written.`,
    );
  }
});

describe('what was published', () => {
  test('is found in it, and whatever comes before where it begins says nothing', async () => {
    expect(await verifyAccessLog(pool, [at(2), at(5)])).toMatchObject({ verified: true, entries: 6, signed: 5 });
    expect(await verifyAccessLog(pool, [at(1), at(3), at(5)], at(3))).toMatchObject({ verified: true, signed: 5 });
    expect(await verifyAccessLog(pool, [])).toMatchObject({ verified: true, signed: 0 });
  });

  test.each([
    [[at(2), wrong(4)], undefined, /Of the entries 3 to 4 .* note 4 says so/],
    [[wrong(1)], undefined, /Entry 1 .* note 1 says so/],
    [[at(2), at(7)], undefined, /Entry 7 .* missing: note 7 was signed over 7/],
    [[at(1), wrong(3), at(5)], 3, /note 3 says so/],
    [[at(1), at(2), wrong(5)], 3, /note 5 says so/],
    [[at(1), at(2)], 3, /begins after entry 3, and nothing is signed of what follows 2/],
  ] as const)('is held against it: %#', async (witnesses, from, problem) => {
    // Made before the hashes were known.
    const known = witnesses.map((each) => (each.hash.equals(Buffer.alloc(32)) ? at(each.position) : each));
    const check = await verifyAccessLog(pool, known, from === undefined ? undefined : at(from));
    expect(check.verified).toBe(false);
    expect(check.problem).toMatch(problem);
  });
});
