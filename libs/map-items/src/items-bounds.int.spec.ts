import { gzipSync } from 'node:zlib';
import { type JsonObject, JsonObject as JsonObjectSchema } from '@baton/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, readItemsEnv } from './items-env.js';
import { itemsHandler } from './items-handler.js';
import { openStorage } from './storage/storage.js';
import { type BucketServer, startBucketServer } from './testing/bucket-server.js';
import { memoryBlobs } from './testing/memory-blobs.js';

/* What is refused before anything is read or written, how much may be, and how long is waited. */

const GET = 'arn:aws:states:::s3:getObject';
const PUT = 'arn:aws:states:::s3:putObject';
const limits = { ...DEFAULT_LIMITS, bytes: 1_000 };

let server: BucketServer;
let blobs: ReturnType<typeof memoryBlobs>;
let pauses: number[] = [];
beforeAll(async () => {
  server = await startBucketServer('lists');
});
beforeEach(() => {
  blobs = memoryBlobs();
  pauses = [];
  server.asked.length = 0;
  server.instead.length = 0;
  for (const objects of server.buckets.values()) objects.clear();
});
afterAll(() => server?.close());

function run(given: JsonObject, silenceMs = 30_000) {
  const storage = openStorage(readItemsEnv({ DATABASE_URL: 'postgres://x/y', ...server.env }), silenceMs);
  const pause = async (ms: number) => void pauses.push(ms);
  const task = { commandId: 'c', runId: 'r', state: 'Each', attempt: 1, arguments: given };
  return itemsHandler({ blobs, limits, storage, pause })(task, new AbortController().signal);
}
const put = (key: string, content: string | Buffer) => server.buckets.get('lists')?.set(key, Buffer.from(content));
const read = (Key: string, config: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...{ do: 'read', resource: GET, arguments: { Bucket: 'lists', Key }, config },
  ...more,
});
const results = (more: JsonObject = {}): JsonObject => ({
  ...{ do: 'write', mapRun: 'r:1', config: { Transformation: 'COMPACT' }, failed: [] },
  ...{ succeeded: [{ index: 0, output: 'a' }], resource: PUT, arguments: { Bucket: 'lists' } },
  ...more,
});
const refused = (cause: string, error = 'States.ItemReaderFailed') => ({
  ...{ ok: false, error, retryable: false, cause: expect.stringContaining(cause) },
});

describe('what is read', () => {
  test('is bounded for all files of an inventory together', async () => {
    const manifest = { destinationBucket: 'lists', fileFormat: 'CSV', fileSchema: 'Key' };
    const inventory = (...keys: readonly string[]) => {
      for (const key of keys) put(key, '\n'.repeat(600));
      put('manifest.json', JSON.stringify({ ...manifest, files: keys.map((key) => ({ key })) }));
      return run(read('manifest.json', { InputType: 'MANIFEST' }));
    };
    expect(await inventory('a.csv')).toMatchObject({ ok: true, output: { count: 0 } });
    expect(await inventory('a.csv', 'b.csv')).toMatchObject(refused('BATON_ITEMS_MOST_MB'));
  });

  test('is bounded as JSON, too: each row of CSV repeats the names of its columns', async () => {
    put('a.csv', `${'n'.repeat(100)}\n${'1\n'.repeat(20)}`);
    const csv = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };
    expect(await run(read('a.csv', csv))).toMatchObject(refused('as JSON'));
    expect(await run(read('a.csv', { ...csv, MaxItems: 5 }))).toMatchObject({ ok: true });
  });

  test('is unpacked where it is packed, whatever its name says and the server unpacks', async () => {
    const jsonl = { InputType: 'JSONL' };
    put('plain.gz', '1\n2\n');
    expect(await run(read('plain.gz', jsonl))).toMatchObject({ ok: true, output: { count: 2 } });
    put('packed', gzipSync('1\n2\n3\n'));
    expect(await run(read('packed', jsonl))).toMatchObject({ ok: true, output: { count: 3 } });
    put('short', '1');
    expect(await run(read('short', jsonl))).toMatchObject({ ok: true, output: { count: 1 } });
    put('empty', '');
    expect(await run(read('empty', jsonl))).toMatchObject({ ok: true, output: { count: 0 } });
    server.instead.push((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('1\n'));
    });
    expect(await run(read('on-the-way.gz', jsonl))).toMatchObject({ ok: true, output: { count: 1 } });
  });

  test('has a key that an address can have', async () => {
    expect(await run(read('a\ud800', { InputType: 'JSONL' }))).toMatchObject(refused('half a character'));
    expect(server.asked).toEqual([]);
  });

  test('is a listing that comes to its end, in time and within a size', async () => {
    const given = { do: 'read', resource: 'arn:aws:states:::s3:listObjectsV2', arguments: { Bucket: 'lists' } };
    server.instead.push((response) => void response.writeHead(200).write('<ListBucketResult>'));
    expect(await run(given, 200)).toMatchObject({
      ok: false,
      retryable: true,
      cause: expect.stringContaining('stopped'),
    });
    const part = ' '.repeat(1024 * 1024);
    server.instead.push((response) => {
      response.writeHead(200);
      const more = () => void (response.destroyed || response.write(part, more));
      more();
    });
    expect(await run(given)).toMatchObject({ ok: false, cause: expect.stringContaining('no listing') });
  });
});

describe('where results go', () => {
  test.each<[string, JsonObject, string]>([
    ['a bucket that is not opened', { resource: PUT, arguments: { Bucket: 'closed' } }, 'for writing'],
    ['arguments that do not fit', { resource: PUT, arguments: { Bucket: 'lists', Key: 'x' } }, 'Key'],
    ['a workspace that is none', { resource: 'baton:workspace', arguments: { Tree: 'x' } }, 'Tree'],
    ['nowhere', { resource: 'baton:nowhere', arguments: {} }, 'Nothing is written here'],
  ])('is looked at before items are read: %s', async (_, writer, cause) => {
    put('a.jsonl', '1\n');
    expect(await run(read('a.jsonl', { InputType: 'JSONL' }, { writer }))).toMatchObject(
      refused(cause, 'States.ResultWriterFailed'),
    );
    expect(server.asked).toEqual([]);
  });

  test('is no folder of another run', async () => {
    for (const mapRun of ['q:1', 'rr:1', 'r'])
      expect(await run(results({ mapRun }))).toMatchObject({
        ok: false,
        error: 'Baton.InvalidInput',
        retryable: false,
      });
    expect(server.asked).toEqual([]);
  });

  test('may be away for minutes, and what is refused is not tried again', async () => {
    server.instead.push((response) => response.destroy());
    for (let at = 0; at < 4; at += 1) server.instead.push((response) => void response.writeHead(503).end());
    expect(await run(results())).toMatchObject({ ok: true });
    expect(pauses).toHaveLength(2);
    server.instead.push((response) => void response.writeHead(403).end());
    expect(await run(results())).toMatchObject({ ok: false, retryable: true });
    expect(pauses).toHaveLength(2);
    for (let at = 0; at < 50; at += 1) server.instead.push((response) => response.destroy());
    expect(await run(results())).toMatchObject({ ok: false, error: 'States.ResultWriterFailed', retryable: true });
    expect(pauses.slice(2).reduce((sum, ms) => sum + ms, 0)).toBe(240_000);
  });

  test('has the time that an object of its size takes', async () => {
    const succeeded = [{ index: 0, output: 'x'.repeat(6_000_000) }];
    server.instead.push((response) => void setTimeout(() => response.writeHead(200).end(), 400));
    expect(await run(results({ succeeded }), 200)).toMatchObject({ ok: true });
    expect(pauses).toEqual([]);
  });
});

test('results are made one at a time', async () => {
  let [running, most] = [0, 0];
  const counting = {
    ...blobs,
    put: async (bytes: Buffer) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return blobs.put(bytes);
    },
  };
  const storage = openStorage(readItemsEnv({ DATABASE_URL: 'postgres://x/y', ...server.env }));
  const handler = itemsHandler({ blobs: counting, limits, storage });
  const ids = { commandId: 'c', runId: 'r', state: 'Each', attempt: 1 };
  const given = results({ resource: 'baton:blob', arguments: {} });
  const write = () => handler({ ...ids, arguments: given }, new AbortController().signal);
  const done = await Promise.all([write(), write(), write()]);
  expect(done.map((result) => result.ok && JsonObjectSchema.parse(result.output).Sha256)).toHaveLength(3);
  expect(most).toBe(1);
});
