import { createHash } from 'node:crypto';
import { isAllowed } from '@baton/outbound';
import { encodeBody } from './encode-body.js';
import type { HttpSettings } from './env.js';
import type { Place } from './place.js';
import { HttpErrorName, refused } from './refused.js';
import { authorizationOf, type RequestArguments, SecretReference } from './request-arguments.js';

/** A request that may be sent. It holds secrets: nothing of it is told to anybody but the host. */
export interface PreparedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | null;
}

/** What belongs to the connection, or to whoever makes it. */
const NOT_THEIRS =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|:.*)$/i;

const invalid = (message: string): Error =>
  refused(HttpErrorName.invalidInput, message, 'Correct the Arguments of the state.');

/**
 * Makes a request of what a task says, and refuses what may not be sent.
 *
 * @param key the same at each delivery of a task: the host can tell a request that comes again by it
 * @throws TerminalError named as in `HttpErrorName`
 */
export function prepareRequest(
  asked: RequestArguments,
  key: string,
  { hosts, allowPrivate, secrets, mostBytes }: Pick<HttpSettings, 'hosts' | 'allowPrivate' | 'secrets' | 'mostBytes'>,
): PreparedRequest {
  const { url, place } = placeOf(asked.ApiEndpoint, allowPrivate);
  if (!isAllowed(hosts, place, place.way)) {
    const port = url.port === '' ? '' : `:${url.port}`;
    throw refused(
      HttpErrorName.hostNotAllowed,
      `Requests to ${place.host}${port} are not allowed.`,
      'The operator names the hosts that may be asked in BATON_HTTP_HOSTS of the worker.',
    );
  }
  const secretOf = (reference: SecretReference): string => secrets.at(reference, place);
  const textOf = (value: Value): string => (typeof value === 'object' ? secretOf(value) : String(value));
  for (const [name, value] of Object.entries(asked.QueryParameters ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, textOf(each));
  }
  const headers = headersOf(asked, textOf);
  const authorization = authorizationOf(asked);
  if (authorization !== null) headers.set('authorization', secretOf(authorization));
  const body = bodyOf(asked, secretOf, mostBytes);
  const usual = {
    ...(body === null ? {} : { 'content-type': body.type }),
    'user-agent': 'Baton',
    // Not the id of the task itself: that says which run it is.
    'idempotency-key': createHash('sha256').update(key).digest('hex').slice(0, 40),
  };
  for (const [name, value] of Object.entries(usual)) if (!headers.has(name)) headers.set(name, value);
  return { url, method: asked.Method, headers: Object.fromEntries(headers), body: body?.text ?? null };
}

function bodyOf(
  asked: RequestArguments,
  secretOf: (reference: SecretReference) => string,
  mostBytes: number,
): ReturnType<typeof encodeBody> {
  const body = encodeBody(asked, secretOf);
  if (body === null || Buffer.byteLength(body.text) <= mostBytes) return body;
  throw refused(HttpErrorName.dataLimitExceeded, `The body has more than ${mostBytes} bytes.`, 'Send less.');
}

type Value = string | number | boolean | SecretReference;

function headersOf(
  { Headers = {} }: RequestArguments,
  textOf: (value: Value) => string,
): Map<string, string | string[]> {
  const headers = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(Headers)) {
    if (NOT_THEIRS.test(name)) throw invalid(`The header ${name} is not for a workflow to set.`);
    const text = Array.isArray(value) ? value.map(textOf) : textOf(value);
    if ([name, text].flat().some((each) => /[^\t\x20-\x7e]/.test(each))) {
      throw invalid(`The header ${JSON.stringify(name)} holds something else than printable ASCII.`);
    }
    headers.set(name.toLowerCase(), text);
  }
  return headers;
}

function placeOf(text: string, allowPrivate: boolean): { readonly url: URL; readonly place: Place } {
  if (!URL.canParse(text)) throw invalid('ApiEndpoint is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw refused(
      HttpErrorName.hostNotAllowed,
      'ApiEndpoint must begin with https://.',
      'Plain http needs BATON_HTTP_ALLOW_PRIVATE=true of the worker.',
    );
  }
  // It would stand in the log of the run.
  if (url.username !== '' || url.password !== '') throw invalid('ApiEndpoint must not hold a user name or a password.');
  url.hash = '';
  const way = url.protocol === 'https:' ? 'tunnel' : 'plain';
  const port = url.port === '' ? (way === 'tunnel' ? 443 : 80) : Number(url.port);
  return { url, place: { host: url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, ''), port, way } };
}
