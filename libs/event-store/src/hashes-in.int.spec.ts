import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { hashesIn } from './blob-sweep.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';

let database: TestDatabase;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'hashes-in', max: 1 });
});
afterAll(async () => {
  await owner?.end();
  await database?.drop();
});

const hashOf = (n: number): string => createHash('sha256').update(String(n)).digest('hex');
const [a, b, c] = [hashOf(1), hashOf(2), hashOf(3)];
const many = Array.from({ length: 200 }, (_, n) => hashOf(n));

test.each<readonly [string, string, readonly string[]]>([
  ['by itself', JSON.stringify({ sha256: a }), [a]],
  [
    'behind an escape that ends with such a digit',
    JSON.stringify(`\f${a}\u00ab${b}`).replace('\u00ab', '\\u00ab'),
    [a, b],
  ],
  ['two written together', `${a}${b}`, [a, b]],
  ['three, with a digit before them', `0${a}${b}${c}`, [a, b, c]],
  ['very many, one behind the other', many.join(''), many],
  ['at the end of a long dump', `${'0123456789abcdef'.repeat(600)}f${c}`, [c]],
])('a hash is found %s, here as in the database', async (_, text, hashes) => {
  const { rows } = await owner.query(`select encode(h, 'hex') as hash from baton.hashes_in($1) as h`, [text]);
  const inDatabase = new Set(rows.map(({ hash }) => hash));
  expect(new Set(hashesIn(text))).toEqual(inDatabase);
  expect([...inDatabase]).toEqual(expect.arrayContaining([...hashes]));
});

test('neither takes what is shorter, or written in capitals', async () => {
  const text = `${a.slice(1)} ${a.toUpperCase()}`;
  expect(hashesIn(text)).toEqual([]);
  expect((await owner.query('select from baton.hashes_in($1)', [text])).rows).toEqual([]);
});
