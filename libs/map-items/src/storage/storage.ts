import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { mayPass, mayWorkLater, quoted, unfit } from '../item-failure.js';
import type { ItemsEnv } from '../items-env.js';
import { isBucket } from '../items-env.js';
import { listedIn, type ObjectPage } from './listed.js';
import { withoutSilence } from './without-silence.js';

/** Buckets of a server that speaks S3, as far as the operator opens them. */
export interface Storage {
  /** The bytes of an object, of its newest version where none is named. @throws ItemFailure */
  get(bucket: string, key: string, version: string | null, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** One page of what lies under a prefix. @throws ItemFailure */
  list(bucket: string, prefix: string, after: string | null, signal: AbortSignal): Promise<ObjectPage>;
  /** Writes an object, or writes it once more. @throws ItemFailure */
  put(bucket: string, key: string, bytes: Buffer, type: string, signal: AbortSignal): Promise<void>;
  /** Asks nobody. @throws ItemFailure where the operator does not open the bucket for writing */
  assertWritable(bucket: string): void;
}

/** How often a request is made again that was answered with 429 or 5xx, by the client, within some seconds. */
const RETRIES = 3;
const MOST_SILENCE_MS = 60_000;
/** Nothing comes while an object goes up: it has a second more for each 100 KB. */
const BYTES_A_MS = 100;
/** A page of a listing has a thousand keys at most, of a kilobyte each. */
const MOST_OF_LISTING = 8 * 1024 * 1024;

/**
 * @param env which buckets may be read and written, and with what key: neither stands in a task
 */
export function openStorage(env: ItemsEnv, silenceMs = MOST_SILENCE_MS): Storage {
  const { BATON_S3_ACCESS_KEY_ID: accessKeyId, BATON_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const { BATON_S3_REGION: region, BATON_S3_SESSION_TOKEN: token } = env;
  const endpoint = (env.BATON_S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
  const session = token === undefined ? {} : { sessionToken: token };
  const client =
    accessKeyId === undefined || secretAccessKey === undefined
      ? null
      : new AwsClient({ accessKeyId, secretAccessKey, ...session, region, service: 's3', retries: RETRIES });

  async function ask(
    method: 'GET' | 'PUT',
    { bucket, key, query }: { readonly bucket: string; readonly key: string; readonly query?: URLSearchParams },
    signal: AbortSignal,
    body?: { readonly bytes: Buffer; readonly type: string },
  ): Promise<Response> {
    assertOpened(bucket, method === 'GET' ? env.BATON_S3_BUCKETS : env.BATON_S3_WRITABLE_BUCKETS, method);
    if (client === null)
      throw unfit(
        'There is no key to reach the storage with: set BATON_S3_ACCESS_KEY_ID and BATON_S3_SECRET_ACCESS_KEY of the deployer.',
      );
    const url = `${endpoint}/${bucket}${pathOf(key)}${query === undefined ? '' : `?${query}`}`;
    const quiet = new AbortController();
    const timer = setTimeout(() => quiet.abort(), silenceMs + (body?.bytes.length ?? 0) / BYTES_A_MS);
    // A redirect would lead past the list of buckets, and with the key.
    const init = { method, redirect: 'manual' as const, signal: AbortSignal.any([signal, quiet.signal]) };
    const response = await client
      .fetch(url, body === undefined ? init : { ...init, body: new Uint8Array(body.bytes), headers: headersOf(body) })
      .catch((thrown: unknown) => {
        signal.throwIfAborted();
        const reason = quiet.signal.aborted ? 'nothing came for too long' : reasonOf(thrown);
        throw mayPass(`The storage at ${new URL(endpoint).host} does not answer: ${reason}.`);
      })
      .finally(() => clearTimeout(timer));
    if (response.ok) return response;
    const said = await startOf(response, MOST_OF_ANSWER, signal).catch(() => '');
    throw refusal(response.status, said, method, key === '' ? bucket : `${bucket}/${key}`);
  }

  /** An answer as a text, as far as it may go. */
  async function startOf({ body }: Response, most: number, signal: AbortSignal): Promise<string> {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of withoutSilence(body, signal, silenceMs)) {
      parts.push(part);
      size += part.length;
      if (size > most) break;
    }
    return Buffer.concat(parts).toString('utf8');
  }

  return {
    get: async (bucket, key, version, signal) => {
      const query = version === null ? {} : { query: new URLSearchParams({ versionId: version }) };
      const { body } = await ask('GET', { bucket, key, ...query }, signal);
      return withoutSilence(body, signal, silenceMs);
    },
    list: async (bucket, prefix, after, signal) => {
      const from = after === null ? {} : { 'continuation-token': after };
      const query = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix, ...from });
      const answer = await ask('GET', { bucket, key: '', query }, signal);
      return listedIn(await startOf(answer, MOST_OF_LISTING, signal));
    },
    put: async (bucket, key, bytes, type, signal) => {
      await ask('PUT', { bucket, key }, signal, { bytes, type });
    },
    assertWritable: (bucket) => assertOpened(bucket, env.BATON_S3_WRITABLE_BUCKETS, 'PUT'),
  };
}

/** The content is signed with the request, also where no TLS holds both together. */
const headersOf = ({ bytes, type }: { readonly bytes: Buffer; readonly type: string }) => ({
  'content-type': type,
  'x-amz-content-sha256': createHash('sha256').update(bytes).digest('hex'),
});

function assertOpened(bucket: string, opened: readonly string[], method: 'GET' | 'PUT'): void {
  if (isBucket(bucket) && opened.includes(bucket)) return;
  const [what, setting] = method === 'GET' ? ['reading', 'BATON_S3_BUCKETS'] : ['writing', 'BATON_S3_WRITABLE_BUCKETS'];
  throw unfit(
    `The operator does not open the bucket ${quoted(bucket)} for ${what}: name it in ${setting} of the deployer.`,
  );
}

/** The path of a key. What an address would take for a way up would lead out of the bucket. */
function pathOf(key: string): string {
  if (key === '') return '';
  if (!key.isWellFormed()) throw unfit(`The key ${quoted(key)} has half a character: it cannot be asked for.`);
  const parts = key.split('/');
  if (parts.some((part) => part === '.' || part === '..')) {
    throw unfit(`The key ${quoted(key)} has a part that an address takes for a way up: it cannot be asked for.`);
  }
  return `/${parts.map(encoded).join('/')}`;
}

/** As it is signed: what `encodeURIComponent` leaves, a signature has in digits. */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const MOST_OF_ANSWER = 2_000;

function refusal(status: number, text: string, method: string, name: string): Error {
  const code = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(text)?.[1];
  if (status === 404)
    return mayWorkLater(`There is no ${quoted(name)} in the storage${code === undefined ? '' : ` (${code})`}.`);
  const said = code === undefined ? `${status}` : `${status} ${code}`;
  const doing = method === 'GET' ? 'to read' : 'to write';
  if (status === 401 || status === 403) {
    return mayWorkLater(
      `The storage refuses ${doing} ${quoted(name)} (${said}): does the key of the deployer have that right?`,
    );
  }
  if (status >= 300 && status < 400) {
    return unfit(
      `The storage has ${quoted(name)} elsewhere (${said}): set BATON_S3_REGION or BATON_S3_ENDPOINT to where it is.`,
    );
  }
  const problem = `The storage answers ${said} when asked ${doing} ${quoted(name)}.`;
  return status === 429 || status >= 500 ? mayPass(problem) : mayWorkLater(problem);
}

/** What `fetch` throws says little by itself; its cause has the code of the system. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'the request failed';
  const { cause } = thrown;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'the request failed';
}
