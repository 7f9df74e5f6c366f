import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that keeps what is PUT, and gives it by GET; with credentials it is a bucket that looks at each signature. */
export interface FileServer {
  readonly url: string;
  readonly files: Map<string, string>;
  /** Statuses that the next requests are answered with. */
  readonly outage: number[];
  close(): Promise<void>;
}

export interface Credentials {
  readonly keyId: string;
  readonly secret: string;
  readonly region: string;
}

export async function startFileServer(guard: { readonly token: string } | Credentials): Promise<FileServer> {
  const files = new Map<string, string>();
  const outage: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, text } = answerTo(request, Buffer.concat(chunks), { guard, files, outage });
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    files,
    outage,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Kept {
  readonly guard: { readonly token: string } | Credentials;
  readonly files: Map<string, string>;
  readonly outage: number[];
}

function answerTo(
  request: IncomingMessage,
  body: Buffer,
  { guard, files, outage }: Kept,
): { status: number; text?: string } {
  const failing = outage.shift();
  if (failing !== undefined) return { status: failing };
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const isAllowed =
    'token' in guard
      ? request.headers.authorization === `Bearer ${guard.token}`
      : isSigned(request, path, query, body, guard);
  if (!isAllowed) return { status: 403 };
  const known = files.get(path);
  if (request.method === 'GET') {
    if (query.includes('list-type=2')) return { status: 200, text: listing(files, path, query) };
    return known === undefined ? { status: 404 } : { status: 200, text: known };
  }
  if (request.headers['if-none-match'] === '*' && known !== undefined) return { status: 412 };
  files.set(path, body.toString());
  return { status: 200 };
}

/** Two keys a page, as a bucket with many more has a thousand. */
function listing(files: ReadonlyMap<string, string>, bucket: string, query: string): string {
  const parameters = new URLSearchParams(query);
  const [prefix, after] = [parameters.get('prefix') ?? '', parameters.get('start-after') ?? ''];
  const keys = [...files.keys()].map((path) => path.slice(bucket.length + 1)).toSorted();
  const found = keys.filter((key) => key.startsWith(prefix) && key > after);
  const contents = found.slice(0, 2).map((key) => `<Contents><Key>${key}</Key></Contents>`);
  return `<ListBucketResult><IsTruncated>${found.length > 2}</IsTruncated>${contents.join('')}</ListBucketResult>`;
}

const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** AWS Signature Version 4, as its documentation describes it. */
function isSigned(request: IncomingMessage, path: string, query: string, body: Buffer, own: Credentials): boolean {
  const { keyId, secret, region } = own;
  const [, scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const [date = ''] = scope.split('/');
  if (scope !== `${date}/${region}/s3/aws4_request` || request.headers.authorization?.includes(`=${keyId}/`) !== true)
    return false;
  const told = String(request.headers['x-amz-content-sha256']);
  if (told !== 'UNSIGNED-PAYLOAD' && told !== sha256(body)) return false;
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const sortedQuery =
    query === ''
      ? ''
      : query
          .split('&')
          .toSorted()
          .map((pair) => pair.replaceAll('+', '%20'))
          .join('&');
  const canonical = [request.method, path, sortedQuery, headers.join(''), names, told].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = ['s3', 'aws4_request'].reduce(
    (last, part) => hmac(last, part),
    hmac(hmac(`AWS4${secret}`, date), region),
  );
  return hmac(key, toSign).toString('hex') === signature;
}
