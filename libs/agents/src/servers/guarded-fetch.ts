import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { type AddressPolicy, allowedAddresses, pinnedLookup } from '@baton/outbound';

/** What one answer may hold. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * `fetch` for servers that an operator named: to addresses that the policy allows, found once, and with answers up to a bound.
 * Redirects are answers like others, so nobody is led elsewhere with what was meant for one.
 */
export const guardedFetch =
  (policy: AddressPolicy) =>
  async (given: string | URL, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(given, init);
    const url = new URL(request.url);
    // An address that stands in the URL is never looked up.
    if (/^\[|^[\d.]+$/.test(url.hostname)) await allowedAddresses(url.hostname, policy);
    const body = Buffer.from(await request.arrayBuffer());
    const options: RequestOptions = {
      method: request.method,
      headers: {
        ...Object.fromEntries(request.headers),
        ...(body.length === 0 ? {} : { 'content-length': String(body.length) }),
      },
      agent: false,
      lookup: pinnedLookup(policy),
      ...(init.signal == null ? {} : { signal: init.signal }),
    };
    const sent = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
    const came = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.on('error', reject);
      sent.end(body);
    });
    return new Response(bodyOf(came), { status: came.statusCode ?? 502, headers: headersOf(came) });
  };

/** Statuses that have no body. */
const EMPTY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function bodyOf(came: IncomingMessage): ReadableStream<Uint8Array> | null {
  if (EMPTY.has(came.statusCode ?? 0)) {
    came.resume();
    return null;
  }
  const limited = Readable.from(withinBound(came));
  return Readable.toWeb(limited) as ReadableStream<Uint8Array>;
}

async function* withinBound(came: IncomingMessage): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of came) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`the answer is larger than ${MOST_BYTES} bytes`);
    yield part;
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) for (const each of [value ?? []].flat()) all.append(name, each);
  return all;
}
