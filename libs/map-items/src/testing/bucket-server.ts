import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';

/*
 * As much of S3 as is asked for: objects of buckets in memory, over HTTP, for whoever signs as Amazon wants it. The signature is
 * computed by Amazon's own library and not by the one that the client has, so that both have to be right.
 */

const ACCESS_KEY = 'AKIATESTKEY';
const SECRET_KEY = 'a-secret/of+the-tests';
const REGION = 'eu-central-1';
/** Keys of a listing at most: few, so that pages of it are seen. */
const MOST_KEYS = 3;

/** What a test has the server do instead of answering. */
type Instead = (response: ServerResponse) => void;

export interface BucketServer {
  readonly url: string;
  readonly buckets: Map<string, Map<string, Buffer>>;
  /** Every request that was signed well, as `GET /bucket/key`. */
  readonly asked: string[];
  /** What is done instead, once for each. */
  readonly instead: Instead[];
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startBucketServer(...names: readonly string[]): Promise<BucketServer> {
  const buckets = new Map(names.map((name) => [name, new Map<string, Buffer>()]));
  const [asked, instead] = [[] as string[], [] as Instead[]];
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (!(await isSigned(request, body))) return refuse(response, 403, 'SignatureDoesNotMatch');
    const url = new URL(request.url ?? '/', 'http://bucket');
    const [, bucket = '', ...rest] = url.pathname.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    const version = url.searchParams.get('versionId');
    asked.push(`${request.method} /${bucket}${key === '' ? '' : `/${key}`}${version === null ? '' : `?${version}`}`);
    const other = instead.shift();
    if (other !== undefined) return other(response);
    const objects = buckets.get(bucket);
    if (objects === undefined) return refuse(response, 404, 'NoSuchBucket');
    if (request.method === 'PUT') {
      objects.set(key, body);
      response.writeHead(200).end();
      return;
    }
    if (key === '') return list(response, objects, url.searchParams);
    const found = objects.get(key);
    if (found === undefined) return refuse(response, 404, 'NoSuchKey');
    response.writeHead(200, { 'content-length': found.length }).end(found);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    ...{ BATON_S3_ENDPOINT: url, BATON_S3_REGION: REGION },
    ...{ BATON_S3_ACCESS_KEY_ID: ACCESS_KEY, BATON_S3_SECRET_ACCESS_KEY: SECRET_KEY },
    ...{ BATON_S3_BUCKETS: names.join(','), BATON_S3_WRITABLE_BUCKETS: names.join(',') },
  };
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  return { url, buckets, asked, instead, env, close };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
}

function list(response: ServerResponse, objects: ReadonlyMap<string, Buffer>, query: URLSearchParams): void {
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after).sort();
  const page = keys.slice(0, MOST_KEYS);
  const contents = page.map((key) => {
    const size = objects.get(key)?.length ?? 0;
    const facts = `<LastModified>2026-11-21T12:00:00.000Z</LastModified><ETag>&#34;e&#34;</ETag><Size>${size}</Size>`;
    return `<Contents><Key>${encodeURIComponent(key)}</Key>${facts}<StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const isTruncated = keys.length > page.length;
  const next = isTruncated ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  );
}

/** What Amazon's library hashes with. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): Buffer => {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
};

/** Signs the same request once more, with the secret that the server knows, and compares. */
async function isSigned(request: IncomingMessage, body: Buffer): Promise<boolean> {
  const { authorization = '', 'x-amz-date': date = '', 'x-amz-content-sha256': content = '' } = request.headers;
  const [, scope = '', names = ''] = /Credential=([^,]+), SignedHeaders=([^,]+), Signature=/.exec(authorization) ?? [];
  if (!scope.startsWith(`${ACCESS_KEY}/`) || !scope.includes(`/${REGION}/s3/`)) return false;
  const isWhole = content === createHash('sha256').update(body).digest('hex');
  if (request.method === 'PUT' && !isWhole) return false;
  const url = new URL(request.url ?? '/', 'http://bucket');
  const signed = names.split(';');
  const headers = Object.fromEntries(signed.map((name) => [name, String(request.headers[name] ?? '')]));
  const signer = new SignatureV4({
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
    ...{ region: REGION, service: 's3', sha256: Sha256, uriEscapePath: false, applyChecksum: false },
  });
  const at = String(date).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const again = await signer.sign(
    {
      ...{ method: request.method ?? 'GET', protocol: 'http:', hostname: '127.0.0.1', path: url.pathname },
      ...{ headers, query: Object.fromEntries(url.searchParams) },
    },
    { signingDate: new Date(at), signableHeaders: new Set(signed), unsignableHeaders: new Set() },
  );
  return signatureIn(again.headers.authorization ?? '') === signatureIn(authorization);
}

const signatureIn = (authorization: string): string => /Signature=([0-9a-f]+)/.exec(authorization)?.[1] ?? '-';
