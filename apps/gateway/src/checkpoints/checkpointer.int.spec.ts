import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  accessHead,
  checkpointsFrom,
  createPool,
  eventStoreMigrations,
  extendTree,
  noteAccess,
  readTile,
  treeSize,
} from '@baton/event-store';
import { createTestDatabase, type TestDatabase } from '@baton/event-store/testing';
import {
  generateSignerKey,
  openAccessAnchor,
  parseVerifierKey,
  readLogKeys,
  rotateLogKey,
  signCheckpoint,
  tileTree,
} from '@baton/proof';
import { openTestLog, runStarted, type TestLog, until } from '@baton/read-model/testing';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, onTestFinished, test } from 'vitest';
import { folderPublication } from '../publication/folder.js';
import { ACCESS_LATEST, accessName, checkpointName, LATEST, type Publication } from '../publication/publication.js';
import { Checkpointer } from './checkpointer.js';
import { makeCheckpoint, originOf } from './make-checkpoint.js';

let home: string;
let database: TestDatabase;
let pool: Pool;
let log: TestLog;
let publication: Publication;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'baton-checkpointer-'));
  database = await createTestDatabase(inject('postgresUrl'), [eventStoreMigrations]);
  pool = createPool(database.url, { role: 'gateway', max: 6, applicationName: 'checkpointer' });
  log = await openTestLog(database.url);
  publication = folderPublication(join(home, 'checkpoints'));
});
afterEach(async () => {
  await log.close();
  await pool.end();
  await database.drop();
  await rm(home, { recursive: true });
});

const parts = () => ({ pool, publication, keys: join(home, 'keys') });
const sizeOf = async (): Promise<number> => Number((await publication.get(LATEST))?.split('\n')[1] ?? 0);
const begin = (): Promise<void> => log.append(randomUUID(), runStarted());

function start(settings: { readonly delayMs?: number; readonly events?: number; readonly on?: Publication } = {}) {
  const lines: string[] = [];
  const note = (_: object, line: string): void => void lines.push(line);
  const checkpointer = Checkpointer.start({
    ...parts(),
    publication: settings.on ?? publication,
    delayMs: settings.delayMs ?? 60_000,
    events: settings.events ?? 1_000,
    log: { info: note, warn: note, fatal: note },
  });
  onTestFinished(() => checkpointer.stop());
  return { checkpointer, lines };
}

test('an event is signed when its time is up, or at once where many wait or somebody asks', async () => {
  const { checkpointer } = start({ delayMs: 1_500, events: 5 });
  await begin();
  await until('the first event', async () => (await sizeOf()) === 1);
  for (let n = 0; n < 6; n += 1) await begin();
  await until('many events', async () => (await sizeOf()) >= 6, 5_000);
  await begin();
  checkpointer.hurry();
  await until('what somebody asked for', async () => (await sizeOf()) === 8, 5_000);
});

test('where it cannot be published it is tried again, and nothing is lost', async () => {
  let isAway = true;
  const flaky: Publication = {
    ...publication,
    get: (name) => (isAway ? Promise.reject(new Error('away')) : publication.get(name)),
  };
  await begin();
  const { checkpointer, lines } = start({ on: flaky });
  await until('the failure', () => checkpointer.state.status === 'running' && checkpointer.state.failure !== null);
  isAway = false;
  await until('the checkpoint', async () => (await sizeOf()) === 1, 20_000);
  await until('the word of it', () => lines.length === 2);
  expect(lines).toEqual(['a checkpoint could not be published; it is tried again', 'checkpoints go on']);
  expect(checkpointer.state).toMatchObject({ status: 'running', failure: null });
});

const note = (): Promise<void> => noteAccess(pool, { kind: 'asked', actor: null, about: 'something' });
const anchored = async (): Promise<number> => Number((await publication.get(ACCESS_LATEST))?.split('\n')[2] ?? 0);

test('the log of access is signed when its time is up, also where nothing happens in any run', async () => {
  start({ delayMs: 1_500 });
  await note();
  await until('the first entry', async () => (await anchored()) === 1);
  await note();
  await note();
  await until('those after it', async () => (await anchored()) === 3, 5_000);
  const origin = await originOf(pool);
  const signer = (await readLogKeys(join(home, 'keys'), origin))?.signer;
  const latest = openAccessAnchor((await publication.get(ACCESS_LATEST)) ?? '', signer ? [signer.verifier] : []);
  expect(latest).toMatchObject({ origin, ...(await accessHead(pool)) });
  expect(await publication.get(accessName(3))).toBe(latest.note);
});

test('killed before what is signed of the log of access is the latest, the next one goes on from it, with another key, too', async () => {
  await note();
  await begin();
  const dying: Publication = { ...publication, replace: () => Promise.reject(new Error('killed')) };
  await expect(makeCheckpoint({ ...parts(), publication: dying })).rejects.toThrow('killed');
  expect(await anchored()).toBe(0);
  const signed = await publication.get(accessName(1));
  await rotateLogKey(join(home, 'keys'));
  await makeCheckpoint(parts());
  expect(await publication.get(ACCESS_LATEST)).toBe(signed);
  await note();
  await makeCheckpoint(parts());
  expect(await anchored()).toBe(2);
});

test.each(['create', 'replace'] as const)(
  'killed before the %s of a checkpoint that is signed, the next one publishes it',
  async (step) => {
    await begin();
    const dying: Publication = { ...publication, [step]: () => Promise.reject(new Error('killed')) };
    await expect(makeCheckpoint({ ...parts(), publication: dying })).rejects.toThrow('killed');
    const [signed] = await checkpointsFrom(pool, 1, 2);
    expect(await sizeOf()).toBe(0);
    await begin();
    expect(await makeCheckpoint(parts())).toMatchObject({ size: 2 });
    expect(await publication.get(checkpointName(1))).toBe(signed?.note);
    expect((await checkpointsFrom(pool, 1, 5)).map(({ size }) => size)).toEqual([1, 2]);
  },
);

test('of many that sign at once each checkpoint is made once, and all say the same', async () => {
  for (let round = 1; round <= 4; round += 1) {
    await begin();
    const made = await Promise.all([1, 2, 3].map(() => makeCheckpoint(parts())));
    expect(made.every((each) => each === null || each.size === round)).toBe(true);
    await until('the checkpoint', async () => (await sizeOf()) === round);
  }
  expect((await checkpointsFrom(pool, 1, 9)).map(({ size }) => size)).toEqual([1, 2, 3, 4]);
});

test('a log of many tiles is taken in pieces, and goes on wherever it was left', async () => {
  const sizes = [255, 2, 600, 40];
  for (const size of sizes) {
    const entered = { type: 'SignalReceived', data: {} };
    await log.append(randomUUID(), runStarted(), ...Array.from({ length: size - 1 }, () => entered));
    await makeCheckpoint(parts());
  }
  expect(await treeSize(pool)).toBe(897);
  const tree = tileTree((level, index) => readTile(pool, level, index));
  for (const { size, note } of await checkpointsFrom(pool, 1, 9)) {
    expect(note.split('\n')[2]).toBe((await tree.root(size)).toString('base64'));
  }
});

test('the stored tree grows where it ends and nowhere else, and a checkpoint of a size is there once', async () => {
  await begin();
  await makeCheckpoint(parts());
  const growth = { level: 0, index: 0, hashes: Buffer.alloc(32) };
  expect(await extendTree(pool, [{ ...growth, had: 0 }], null)).toBe(false);
  expect(await extendTree(pool, [], { size: 1, note: 'another' })).toBe(false);
  await expect(pool.query('delete from baton.checkpoint')).rejects.toThrow('permission denied');
  await expect(pool.query('update baton.tree_tile set hashes = hashes')).rejects.toThrow('permission denied');
});

test('signing stops where what is published is of another key, or was put back', async () => {
  await begin();
  const first = await makeCheckpoint(parts());
  await begin();
  await makeCheckpoint(parts());
  await publication.replace(LATEST, first?.note ?? '');
  // An older checkpoint as the latest is still the beginning of this log: it is published again what was signed since.
  expect(await makeCheckpoint(parts())).toMatchObject({ size: 2 });
  const origin = await originOf(pool);
  const root = Buffer.alloc(32);
  await publication.replace(LATEST, signCheckpoint({ origin, size: 2, root }, [generateSignerKey(origin)]));
  const { checkpointer, lines } = start();
  await until('the end', () => checkpointer.state.status === 'stopped');
  expect(checkpointer.state).toMatchObject({
    error: { code: 'log-diverges', message: expect.stringContaining('not signed by a key of this log') },
  });
  expect(lines).toEqual(['the log is signed no more: it is not what was signed']);
});

test('a key that is gone, or another log’s, signs nothing', async () => {
  await begin();
  await makeCheckpoint(parts());
  const file = join(home, 'keys/log.key');
  const kept = await readFile(file, 'utf8');
  await rm(file);
  await expect(makeCheckpoint(parts())).rejects.toMatchObject({
    code: 'log-key-unusable',
    message: expect.stringContaining('signed before'),
  });
  await writeFile(file, generateSignerKey('baton/another').text);
  await expect(makeCheckpoint(parts())).rejects.toMatchObject({
    code: 'log-key-unusable',
    message: expect.stringContaining('for the log baton/another'),
  });
  await writeFile(file, 'no key');
  await expect(makeCheckpoint(parts())).rejects.toMatchObject({ code: 'log-key-unusable' });
  await writeFile(file, kept);
  expect(await makeCheckpoint(parts())).toMatchObject({ size: 1 });
  const keys = await readLogKeys(join(home, 'keys'), await originOf(pool));
  expect(parseVerifierKey(keys?.signer.verifier.text ?? '').id).toBe(keys?.signer.verifier.id);
});
