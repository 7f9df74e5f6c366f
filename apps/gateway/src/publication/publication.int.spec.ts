import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FileServer, startFileServer } from '../testing/file-server.js';
import { openPublication, type PublicationSettings } from './open-publication.js';
import { checkpointName, LATEST, type Publication, publish } from './publication.js';

const KEY = { keyId: 'AKIDEXAMPLE', secret: 'a-secret-of-this-test', region: 'eu-central-1' };
const TOKEN = 'a-token-of-this-test';

let folder: string;
let plain: FileServer;
let bucket: FileServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-publication-'));
  plain = await startFileServer({ token: TOKEN });
  bucket = await startFileServer(KEY);
});
afterEach(async () => {
  await plain.close();
  await bucket.close();
  await rm(folder, { recursive: true });
});

const open = (settings: Partial<PublicationSettings>): Publication => {
  const opened = openPublication({ BATON_HOME: folder, BATON_CHECKPOINT_S3_REGION: KEY.region, ...settings });
  if (opened === null) throw new Error('it is off');
  return opened;
};
const s3 = (): Partial<PublicationSettings> => ({
  BATON_CHECKPOINTS: 's3://audit/of/baton/',
  BATON_CHECKPOINT_S3_ENDPOINT: bucket.url,
  BATON_CHECKPOINT_S3_KEY_ID: KEY.keyId,
  BATON_CHECKPOINT_S3_SECRET: KEY.secret,
});
const http = (): Partial<PublicationSettings> => ({
  BATON_CHECKPOINTS: `${plain.url}/log`,
  BATON_CHECKPOINT_TOKEN: TOKEN,
});

describe.each([
  ['a folder', () => ({}), true],
  ['a server that takes files', http, false],
  ['a bucket', s3, true],
] as const)('%s', (_, settings, canList) => {
  test('keeps what was published for good, and replaces the latest alone', async () => {
    const publication = open(settings());
    expect(await publication.get(LATEST)).toBeNull();
    expect(await publication.list()).toEqual(canList ? [] : null);
    const names = [1, 999_999, 1_000_000].map(checkpointName);
    for (const [n, name] of names.entries()) {
      await publish(publication, name, `note ${n}\n— ü\n`);
      await publication.replace(LATEST, `note ${n}\n`);
    }
    await publish(publication, names[0] ?? '', 'note 0\n— ü\n');
    await expect(publish(publication, names[0] ?? '', 'another\n')).rejects.toMatchObject({
      code: 'published-otherwise',
    });
    expect(await publication.get(names[0] ?? '')).toBe('note 0\n— ü\n');
    expect(await publication.get(LATEST)).toBe('note 2\n');
    const listed = await publication.list();
    expect(listed?.toSorted() ?? null).toEqual(canList ? [...names, LATEST].toSorted() : null);
  });

  test('of two that publish at once one is first', async () => {
    const publication = open(settings());
    const made = await Promise.all([1, 2].map((n) => publication.create(checkpointName(7), `note ${n}\n`)));
    expect(made.toSorted()).toEqual([false, true]);
  });
});

test('a folder holds no half-written file', async () => {
  const publication = open({});
  await publish(publication, checkpointName(5), 'note\n');
  await publication.replace(LATEST, 'note\n');
  const found = await readdir(join(folder, 'checkpoints'), { recursive: true });
  expect(found.filter((name) => name.includes('draft'))).toEqual([]);
});

test.each([
  ['a token', () => ({ ...http(), BATON_CHECKPOINT_TOKEN: 'another' })],
  ['a key', () => ({ ...s3(), BATON_CHECKPOINT_S3_SECRET: 'another' })],
  ['a region', () => ({ ...s3(), BATON_CHECKPOINT_S3_REGION: 'us-east-1' })],
])('a server refuses %s that is not right, and the address is told without secrets', async (_, settings) => {
  const failure = await open(settings())
    .get(LATEST)
    .catch((thrown: unknown) => thrown);
  expect(failure).toMatchObject({ code: 'publication-refused', message: expect.stringContaining('403') });
  expect(String(failure)).not.toContain('another');
});

test('a server that fails, or is not there, is said to be', async () => {
  plain.outage.push(500);
  await expect(open(http()).get(LATEST)).rejects.toMatchObject({ code: 'publication-refused' });
  const away = open({ BATON_CHECKPOINTS: 'http://127.0.0.1:9/log' });
  await expect(away.get(LATEST)).rejects.toMatchObject({ code: 'publication-unreachable' });
});

test.each(['checkpoints', 'ftp://host/x', 's3://', 's3://UPPER', 'https://'])('%s is no place', (place) => {
  expect(() => open({ BATON_CHECKPOINTS: place })).toThrow(/BATON_CHECKPOINTS is not valid/);
});

test('a bucket without a key is refused at the start', () => {
  expect(() => open({ BATON_CHECKPOINTS: 's3://audit' })).toThrow('no key for it');
});

test('off is no place at all', () => {
  expect(openPublication({ BATON_HOME: folder, BATON_CHECKPOINTS: 'off', BATON_CHECKPOINT_S3_REGION: 'x' })).toBeNull();
});
