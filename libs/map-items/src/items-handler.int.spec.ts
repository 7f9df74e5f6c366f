import { gzipSync } from 'node:zlib';
import { type Json, type JsonObject, JsonObject as JsonObjectSchema } from '@baton/contracts';
import { putTree, treeOf } from '@baton/workspace';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, readItemsEnv } from './items-env.js';
import { itemsHandler } from './items-handler.js';
import { openStorage } from './storage/storage.js';
import { type BucketServer, startBucketServer } from './testing/bucket-server.js';
import { memoryBlobs } from './testing/memory-blobs.js';

const GET = 'arn:aws:states:::s3:getObject';
const LIST = 'arn:aws:states:::s3:listObjectsV2';
const PUT = 'arn:aws:states:::s3:putObject';
const limits = { ...DEFAULT_LIMITS, items: 50, pageItems: 4 };
const csv = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };

let server: BucketServer;
let blobs: ReturnType<typeof memoryBlobs>;
beforeAll(async () => {
  server = await startBucketServer('lists', 'closed');
});
beforeEach(() => {
  blobs = memoryBlobs();
  server.asked.length = 0;
  server.instead.length = 0;
  for (const objects of server.buckets.values()) objects.clear();
});
afterAll(() => server?.close());

const envOf = (over: Readonly<Record<string, string>> = {}) =>
  readItemsEnv({ DATABASE_URL: 'postgres://x/y', ...server.env, BATON_S3_BUCKETS: 'lists', ...over });
function run(given: JsonObject, over: Readonly<Record<string, string>> = {}, silenceMs = 5_000) {
  const handler = itemsHandler({ blobs, limits, storage: openStorage(envOf(over), silenceMs) });
  const ids = { commandId: 'c', runId: 'r', state: 'Each', attempt: 1 };
  return handler({ ...ids, arguments: given }, new AbortController().signal);
}
const put = (key: string, content: string | Buffer, bucket = 'lists') =>
  server.buckets.get(bucket)?.set(key, Buffer.from(content));
const readObject = (Key: string, config: JsonObject = csv, more: JsonObject = {}): JsonObject => ({
  ...{ do: 'read', resource: GET, arguments: { Bucket: 'lists', Key }, config },
  ...more,
});

async function itemsOf(given: JsonObject): Promise<readonly Json[]> {
  const result = await run(given);
  if (!result.ok) throw new Error(result.cause);
  const { sha256 = '', pages, count } = JsonObjectSchema.parse(result.output);
  const items: Json[] = [];
  for (let page = 0; page < Number(pages); page += 1) {
    const read = await run({ do: 'page', items: sha256, page });
    if (!read.ok || !Array.isArray(read.output)) throw new Error('no page');
    items.push(...read.output);
  }
  expect(items).toHaveLength(Number(count));
  return items;
}
const failing = async (given: JsonObject, over: Readonly<Record<string, string>> = {}, silenceMs?: number) => {
  const result = await run(given, over, silenceMs);
  if (result.ok) throw new Error('it did not fail');
  return result;
};

describe('items of a bucket', () => {
  test('are read by whoever signs rightly, whatever stands in a key, and come page by page', async () => {
    const key = "a folder/ü+%2F(1)!*'=&?.csv";
    put(key, `n\n${Array.from({ length: 9 }, (_, at) => at).join('\n')}\n`);
    expect(await itemsOf(readObject(key))).toEqual(Array.from({ length: 9 }, (_, at) => ({ n: String(at) })));
    expect(server.asked).toEqual([`GET /lists/${key}`]);
  });

  test('are those of the version that is named, and what is not known of an object is refused', async () => {
    put('a.csv', 'n\n1\n');
    const named = (more: JsonObject) => ({
      ...readObject('a.csv'),
      arguments: { Bucket: 'lists', Key: 'a.csv', ...more },
    });
    expect(await itemsOf(named({ VersionId: 'v/1' }))).toEqual([{ n: '1' }]);
    expect(server.asked).toEqual(['GET /lists/a.csv?v/1']);
    expect(await failing(named({ Range: 'bytes=0-1' }))).toMatchObject({ cause: expect.stringContaining('Range') });
  });

  test('are unpacked where they are packed', async () => {
    put('a.jsonl.gz', gzipSync('{"a":1}\n'));
    expect(await itemsOf(readObject('a.jsonl.gz', { InputType: 'JSONL' }))).toEqual([{ a: 1 }]);
    put('b.jsonl.gz', gzipSync('{"a":1}\n').subarray(0, 12));
    expect(await failing(readObject('b.jsonl.gz', { InputType: 'JSONL' }))).toMatchObject({
      ...{ error: 'States.ItemReaderFailed', retryable: false, cause: expect.stringContaining('gzip') },
    });
  });

  test('are no more than were asked for, and no more than may be', async () => {
    put('many.csv', `n\n${'1\n'.repeat(60)}`);
    expect(await itemsOf(readObject('many.csv', { ...csv, MaxItems: 6 }))).toHaveLength(6);
    expect(await failing(readObject('many.csv'))).toMatchObject({
      ...{ retryable: false, cause: expect.stringContaining('more than 50 items') },
    });
  });

  test('are as many in a page as make whole batches', async () => {
    put('ten.csv', `n\n${'1\n'.repeat(10)}`);
    const result = await run(readObject('ten.csv', csv, { batch: 3 }));
    if (!result.ok) throw new Error(result.cause);
    const { sha256 = '' } = JsonObjectSchema.parse(result.output);
    const pages: unknown = JSON.parse((await blobs.get(String(sha256))).toString());
    expect(pages).toMatchObject([{ items: 6 }, { items: 4 }]);
  });

  test('may be what lies there', async () => {
    for (const name of ['a', 'b & <c>', 'd', 'e']) put(`in/${name}.txt`, name);
    put('elsewhere.txt', '');
    const items = await itemsOf({
      do: 'read',
      resource: LIST,
      arguments: { Bucket: 'lists', Prefix: 'in/' },
      config: {},
    });
    expect(items).toHaveLength(4);
    expect(items[1]).toEqual({
      ...{ Etag: '"e"', Key: 'in/b & <c>.txt', LastModified: 1_795_262_400, Size: 7, StorageClass: 'STANDARD' },
    });
    expect(server.asked).toHaveLength(2);
  });

  test.each<[string, JsonObject, Readonly<Record<string, string>>, object]>([
    [
      'an object that is not there',
      readObject('none.csv'),
      {},
      { retryable: true, cause: expect.stringContaining('There is no') },
    ],
    [
      'another key',
      readObject('none.csv'),
      { BATON_S3_SECRET_ACCESS_KEY: 'wrong' },
      {
        ...{ retryable: true, cause: expect.stringMatching(/refuses to read .*SignatureDoesNotMatch/) },
      },
    ],
    [
      'no key',
      readObject('none.csv'),
      { BATON_S3_ACCESS_KEY_ID: '' },
      { cause: expect.stringContaining('no key to reach') },
    ],
    [
      'a bucket that is not opened',
      { ...readObject('x'), arguments: { Bucket: 'closed', Key: 'x' } },
      {},
      {
        ...{ retryable: false, cause: expect.stringContaining('does not open the bucket "closed"') },
      },
    ],
    [
      'a key that leads up',
      readObject('../closed/x.csv'),
      {},
      { retryable: false, cause: expect.stringContaining('way up') },
    ],
    [
      'arguments that do not fit',
      { ...readObject('x'), arguments: { Bucket: 'lists' } },
      {},
      {
        ...{ retryable: false, cause: expect.stringContaining('Key') },
      },
    ],
  ])('with %s fail with a sentence, and without a secret', async (_, given, over, expected) => {
    const failure = await failing(given, over);
    expect(failure).toMatchObject({ error: 'States.ItemReaderFailed', ...expected });
    expect(failure.cause).not.toMatch(/secret|wrong|AKIA/);
  });

  test('of a server that moves, breaks off or falls silent fail, and it is not followed', async () => {
    put('a.csv', 'n\n1\n');
    const at = readObject('a.csv');
    server.instead.push((response) => void response.writeHead(307, { location: 'http://169.254.169.254/' }).end());
    expect(await failing(at)).toMatchObject({ retryable: false, cause: expect.stringContaining('elsewhere') });
    server.instead.push((response) => {
      response.writeHead(200, { 'content-length': 100 }).write('n\n');
      setImmediate(() => response.destroy());
    });
    expect(await failing(at)).toMatchObject({ retryable: true, cause: expect.stringContaining('broke off') });
    server.instead.push((response) => void response.writeHead(200, { 'content-length': 100 }).write('n\n'));
    expect(await failing(at, {}, 200)).toMatchObject({ retryable: true, cause: expect.stringContaining('stopped') });
    server.instead.push(() => {});
    expect(await failing(at, {}, 200)).toMatchObject({ retryable: true, cause: expect.stringContaining('too long') });
  });
});

describe('items that Baton has', () => {
  test('are in a file of a workspace, or in a blob', async () => {
    const { sha256, size } = await blobs.put(Buffer.from('n\n1\n'));
    const tree = await putTree(blobs, treeOf([{ path: 'data/a.csv', mode: '100644', sha256, size }]));
    const inTree = (Path: string) => ({
      do: 'read',
      resource: 'baton:workspace',
      arguments: { Tree: tree, Path },
      config: csv,
    });
    expect(await itemsOf(inTree('data/a.csv'))).toEqual([{ n: '1' }]);
    expect(await itemsOf({ do: 'read', resource: 'baton:blob', arguments: { Sha256: sha256 }, config: csv })).toEqual([
      { n: '1' },
    ]);
    expect(await failing(inTree('data/b.csv'))).toMatchObject({ cause: 'The workspace has no file "data/b.csv".' });
    const none = { do: 'read', resource: 'baton:blob', arguments: { Sha256: 'e'.repeat(64) }, config: csv };
    expect(await failing(none)).toMatchObject({
      retryable: false,
      cause: expect.stringContaining('There is not a blob'),
    });
  });
});

describe('results', () => {
  const results: JsonObject = {
    ...{ do: 'write', mapRun: 'r:1', config: {} },
    ...{
      succeeded: [
        { index: 0, output: [1] },
        { index: 2, output: [2, 3] },
      ],
      failed: [1],
    },
  };
  const textAt = (key: string): Json => JSON.parse(server.buckets.get('lists')?.get(key)?.toString() ?? 'null');

  test('are written to a bucket, twice to the same places, with a manifest', async () => {
    put('abc.jsonl', '"a"\n"b"\n"c"\n');
    const read = await run(readObject('abc.jsonl', { InputType: 'JSONL' }));
    const items = read.ok ? (JsonObjectSchema.parse(read.output).sha256 ?? null) : null;
    const given = { ...results, items, resource: PUT, arguments: { Bucket: 'lists', Prefix: '/out/' } };
    const open = { BATON_S3_WRITABLE_BUCKETS: 'lists' };
    const expected = { ok: true, output: { Bucket: 'lists', Key: 'out/r-1/manifest.json' } };
    expect(await run(given, open)).toEqual(expected);
    const written = [...(server.buckets.get('lists') ?? [])].map(([key, bytes]) => [key, bytes.toString()]);
    expect(await run(given, open)).toEqual(expected);
    expect([...(server.buckets.get('lists') ?? [])].map(([key, bytes]) => [key, bytes.toString()])).toEqual(written);
    expect(textAt('out/r-1/SUCCEEDED_0.json')).toMatchObject([
      { Name: '0', Input: '"a"', Output: '[1]', Status: 'SUCCEEDED' },
      { Name: '2', Input: '"c"', Output: '[2,3]', Status: 'SUCCEEDED' },
    ]);
    expect(textAt('out/r-1/FAILED_0.json')).toMatchObject([{ Name: '1', Input: '"b"', Status: 'FAILED' }]);
    expect(textAt('out/r-1/manifest.json')).toMatchObject({
      ...{ DestinationBucket: 'lists', MapRunArn: 'r:1' },
      ResultFiles: { SUCCEEDED: [{ Key: 'out/r-1/SUCCEEDED_0.json' }], FAILED: [{ Key: 'out/r-1/FAILED_0.json' }] },
    });
  });

  test.each<[JsonObject, string, string]>([
    [{ Transformation: 'COMPACT' }, 'SUCCEEDED_0.json', '[[1],[2,3]]'],
    [{ Transformation: 'FLATTEN', OutputType: 'JSONL' }, 'SUCCEEDED_0.jsonl', '1\n2\n3\n'],
  ])('may be the outputs alone: %j', async (config, name, text) => {
    await run({ ...results, config, resource: PUT, arguments: { Bucket: 'lists' } });
    expect(server.buckets.get('lists')?.get(`r-1/${name}`)?.toString()).toBe(text);
  });

  test('are written to no bucket that is not opened for that', async () => {
    const given = { ...results, resource: PUT, arguments: { Bucket: 'lists' } };
    expect(await failing(given, { BATON_S3_WRITABLE_BUCKETS: '' })).toMatchObject({
      ...{ error: 'States.ResultWriterFailed', retryable: false, cause: expect.stringContaining('for writing') },
    });
    expect(server.asked).toEqual([]);
  });

  test('may become a blob, or files of a workspace', async () => {
    const blob = await run({ ...results, resource: 'baton:blob', arguments: {} });
    if (!blob.ok) throw new Error(blob.cause);
    const { Sha256 } = JsonObjectSchema.parse(blob.output);
    const manifest: unknown = JSON.parse((await blobs.get(String(Sha256))).toString());
    expect(manifest).toMatchObject({ ResultFiles: { SUCCEEDED: [{ Key: 'SUCCEEDED_0.json' }] } });
    const tree = await run({ ...results, resource: 'baton:workspace', arguments: { Prefix: 'out' } });
    if (!tree.ok) throw new Error(tree.cause);
    const { Tree, Key } = JsonObjectSchema.parse(tree.output);
    expect(Key).toBe('out/r-1/manifest.json');
    const again = {
      ...{ do: 'read', resource: 'baton:workspace', config: { InputType: 'JSON' } },
      arguments: { Tree: Tree ?? null, Path: 'out/r-1/SUCCEEDED_0.json' },
    };
    expect(await itemsOf(again)).toHaveLength(2);
  });
});

test('a task that nobody would send is refused', async () => {
  expect(await run({ do: 'page', items: '../etc', page: -1 })).toMatchObject({
    ok: false,
    error: 'Baton.InvalidInput',
  });
});
