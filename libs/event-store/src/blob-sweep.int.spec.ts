import { hash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { holdBlobs, markSealed, sweepBlobs } from './blob-sweep.js';
import { putBytes } from './blobs.js';
import { acceptRequest } from './inbox.js';
import { aCommand, anEvent, anItem } from './testing/store.js';
import { openSweepBench, type SweepBench } from './testing/sweep-bench.js';

let bench: SweepBench;
beforeAll(async () => {
  bench = await openSweepBench(inject('postgresUrl'));
});
afterAll(() => bench?.close());
beforeEach(() => bench.beginAnew());

test('what nothing names goes once it is old, and what is young or named stays', async () => {
  const [lost, young, kept] = [await bench.oldBlob(), await bench.oldBlob(randomBytes(20), 6), await bench.oldBlob()];
  await bench.named(kept);
  await bench.sweepAll();
  expect([await bench.isThere(lost), await bench.isThere(young), await bench.isThere(kept)]).toEqual([
    false,
    true,
    true,
  ]);
});

test('a blob is named by a blob: a tree by an event, its files by the tree, and what a part far behind says', async () => {
  const file = await bench.oldBlob();
  const far = await bench.oldBlob();
  const tree = await bench.oldBlob(JSON.stringify([{ path: 'a', sha256: file, size: 20 }, 'x'.repeat(3_000_000), far]));
  const outer = await bench.oldBlob(JSON.stringify({ tree }));
  const notJson = await bench.oldBlob();
  const text = await bench.oldBlob(`plain text that says ${notJson}`);
  await bench.named(outer);
  await bench.named(text);
  await bench.sweepAll();
  for (const hash of [file, far, tree, outer, text]) expect(await bench.isThere(hash)).toBe(true);
  expect(await bench.isThere(notJson)).toBe(false);
});

test('no table is forgotten: whatever column of whatever table holds a hash, its blob stays', async () => {
  const { rows: columns } = await bench.owner.query<{ table: string; column: string; type: string }>(
    `select c.table_name as table, c.column_name as column, c.udt_name as type
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'baton' and t.table_type = 'BASE TABLE' and c.table_name !~ '^event_\\d+$'
        and c.udt_name not in ('bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'uuid', 'timestamptz')`,
  );
  const { rows: sources } = await bench.owner.query<{ name: string; columns: string[]; keys: string[] }>(
    'select name, columns, keys from baton.blob_sources()',
  );
  const read = new Map(sources.map((source) => [source.name, source]));
  // Blobs themselves are read where they are marked; the others hold nothing but hashes of the log, or keys.
  const exempt = new Set(['blob', 'blob_mark', 'blob_sweep', 'tree_tile', 'personal_key', 'queue_key']);
  const unread = columns
    .filter(({ table, column }) => !exempt.has(table) && read.get(table)?.columns.includes(column) !== true)
    .map(({ table, column }) => `${table}.${column}`);
  expect(unread.toSorted()).toEqual(['event.leaf_hash', 'event.type']);
  expect(columns.length).toBeGreaterThan(100);
  for (const { keys } of sources) expect(keys.length).toBeGreaterThan(0);
});

test('a table that came later is read without being named anywhere, page by page in the order of any key', async () => {
  await bench.owner.query(
    'create table baton.later (a text, b bytea, c timestamptz, words jsonb, many text[], primary key (a, b, c))',
  );
  try {
    const hashes: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      const hash = await bench.oldBlob();
      hashes.push(hash);
      const many = n % 2 === 0 ? [hash] : [];
      const words = JSON.stringify({ filler: 'x'.repeat(200_000), hash: n % 2 === 0 ? null : hash });
      await bench.owner.query('insert into baton.later values ($1, $2, clock_timestamp(), $3, $4)', [
        `ä${n % 3}`,
        randomBytes(3),
        words,
        many,
      ]);
    }
    await bench.sweepAll();
    for (const hash of hashes) expect(await bench.isThere(hash)).toBe(true);
    await bench.owner.query('drop table baton.later');
    await bench.sweepAll();
    for (const hash of hashes) expect(await bench.isThere(hash)).toBe(false);
  } finally {
    await bench.owner.query('drop table if exists baton.later');
  }
});

test('a table without a key is not passed over: nothing is removed until it has one', async () => {
  const lost = await bench.oldBlob();
  await bench.owner.query('create table baton.keyless (words text)');
  try {
    await expect(bench.sweepAll()).rejects.toThrow('the table keyless has no primary key');
    expect(await bench.isThere(lost)).toBe(true);
  } finally {
    await bench.owner.query('drop table baton.keyless');
  }
  await bench.sweepAll();
  expect(await bench.isThere(lost)).toBe(false);
});

test('what is put again is young again, at whatever moment, and is put again where it was just removed', async () => {
  const contents = [randomBytes(20), randomBytes(20), randomBytes(20)];
  const hashes = await Promise.all(contents.map((content) => bench.oldBlob(content)));
  await bench.step();
  await putBytes(bench.worker, contents[0] ?? Buffer.alloc(0));
  await bench.until('sweep');
  await putBytes(bench.worker, contents[1] ?? Buffer.alloc(0));
  await bench.finish();
  expect(await Promise.all(hashes.map(bench.isThere))).toEqual([true, true, false]);
  await putBytes(bench.worker, contents[2] ?? Buffer.alloc(0));
  await bench.sweepAll();
  expect(await Promise.all(hashes.map(bench.isThere))).toEqual([true, true, true]);
});

test('a put within a day of the last writes nothing', async () => {
  const content = randomBytes(20);
  const hash = await bench.oldBlob(content, 0);
  const rowOf = async () =>
    (
      await bench.owner.query(`select xmin::text, ctid::text, at from baton.blob where sha256 = decode($1, 'hex')`, [
        hash,
      ])
    ).rows;
  const before = await rowOf();
  await putBytes(bench.worker, content);
  expect(await rowOf()).toEqual(before);
});

test('of two at one blob, who puts it and who removes it, the one that waits sees what the other did', async () => {
  for (let n = 0; n < 20; n += 1) {
    const content = randomBytes(20);
    const hash = await bench.oldBlob(content);
    await bench.until('sweep');
    const swept = bench.finish();
    await putBytes(bench.worker, content);
    expect(await bench.isThere(hash)).toBe(true);
    await swept;
    expect(await bench.isThere(hash)).toBe(true);
    await bench.owner.query('update baton.blob_sweep set ended_at = null');
  }
});

test('what is put while its step is removing others is looked at once more, and stays', async () => {
  const contents = [randomBytes(20), randomBytes(20)];
  const hashes = (await Promise.all(contents.map((content) => bench.oldBlob(content)))).toSorted();
  const last = contents.find((content) => hash('sha256', content, 'hex') === hashes[1]) ?? Buffer.alloc(0);
  await bench.until('sweep');
  await bench.owner.query(
    `create function baton.slowly() returns trigger language plpgsql as 'begin perform pg_sleep(1); return old; end'`,
  );
  await bench.owner.query(
    'create trigger slowly before delete on baton.blob for each row execute function baton.slowly()',
  );
  try {
    const swept = bench.finish();
    await sleep(400);
    await putBytes(bench.worker, last);
    await swept;
    expect(await Promise.all(hashes.map(bench.isThere))).toEqual([false, true]);
  } finally {
    await bench.owner.query('drop function baton.slowly cascade');
  }
});

test('what a task that is out has put since it was sent stays, however long it takes', async () => {
  const runId = randomUUID();
  const command = `${runId}-1`;
  await appendBatch(bench.hub, bench.lane, 0, [anItem(runId, { commands: [aCommand(command)] })]);
  await bench.owner.query(
    `update baton.command set created_at = clock_timestamp() - interval '20 days' where command_id = $1`,
    [command],
  );
  const [before, justBefore, since] = [
    await bench.oldBlob(randomBytes(9), 30),
    await bench.oldBlob(randomBytes(9), 20),
    await bench.oldBlob(randomBytes(9), 19),
  ];
  await bench.sweepAll();
  expect([await bench.isThere(before), await bench.isThere(justBefore), await bench.isThere(since)]).toEqual([
    false,
    true,
    true,
  ]);
  await appendBatch(bench.hub, bench.lane, 0, [anItem(runId, { expectedVersion: 1, consume: [command] })]);
  await bench.sweepAll();
  expect([await bench.isThere(justBefore), await bench.isThere(since)]).toEqual([false, false]);
});

test('what is held before it is named stays, a tree with its files, though the search was past everything', async () => {
  const file = await bench.oldBlob();
  const tree = await bench.oldBlob(JSON.stringify([{ path: 'a', sha256: file, size: 20 }]));
  const lost = await bench.oldBlob();
  await bench.until('sweep');
  await holdBlobs(bench.gateway, [tree, '0'.repeat(64)]);
  await acceptRequest(bench.gateway, {
    requestId: randomUUID(),
    name: 'submit',
    message: { input: { workspace: { tree } } },
  });
  await bench.finish();
  expect([await bench.isThere(tree), await bench.isThere(file), await bench.isThere(lost)]).toEqual([
    true,
    true,
    false,
  ]);
});

test('as many are held as are named', async () => {
  const hashes: string[] = [];
  for (let n = 0; n < 101; n += 1) hashes.push(await bench.oldBlob());
  await holdBlobs(bench.gateway, hashes);
  const { rows } = await bench.owner.query(
    `select count(*)::int as n from baton.blob where sha256 = any($1) and at < clock_timestamp() - interval '1 day'`,
    [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  );
  expect(rows).toEqual([{ n: 0 }]);
});

test('what is named moves from table to table while they are read, and is never lost', async () => {
  const hash = await bench.oldBlob();
  const requestId = randomUUID();
  await bench.step();
  // Read already, since tables are read in the order of their names: the log is read last.
  await acceptRequest(bench.gateway, { requestId, name: 'submit', message: { input: hash } });
  const runId = randomUUID();
  await appendBatch(bench.hub, bench.lane, 0, [
    anItem(runId, { requests: [requestId], events: [anEvent({ data: { input: hash } })] }),
  ]);
  await bench.until('sweep');
  await bench.finish();
  expect(await bench.isThere(hash)).toBe(true);
});

test('it is begun anew where a table came while it was under way', async () => {
  const hash = await bench.oldBlob();
  await bench.until('sealed');
  await bench.owner.query(`create table baton.aaa (id int primary key, words text)`);
  try {
    await bench.owner.query('insert into baton.aaa values (1, $1)', [hash]);
    expect((await bench.step()).phase).toBe('rows');
    await bench.until('sweep');
    await bench.finish();
    expect(await bench.isThere(hash)).toBe(true);
  } finally {
    await bench.owner.query('drop table baton.aaa');
  }
});

test('only its own functions move it, no service removes what is younger than two days, and it begins once a day', async () => {
  await expect(sweepBlobs(bench.gateway, 1)).rejects.toThrow('two days at least');
  await expect(sweepBlobs(bench.hub, 7)).rejects.toThrow('permission denied');
  await expect(sweepBlobs(bench.worker, 7)).rejects.toThrow('permission denied');
  await expect(bench.gateway.query('delete from baton.blob')).rejects.toThrow('permission denied');
  await expect(bench.gateway.query(`update baton.blob_sweep set phase = 'sweep'`)).rejects.toThrow('permission denied');
  await bench.sweepAll();
  expect((await bench.step()).phase).toBe('idle');
  // Outside of its phase nothing is told, and nothing is skipped.
  await markSealed(bench.gateway, null, [], true);
  expect((await bench.step()).phase).toBe('idle');
});
