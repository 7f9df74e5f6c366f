import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { askedOf, askedUrl } from './asked-url.js';
import { shardAway } from './refusals.js';

/** Of a connection, and not of what is said on it; and a session, which is one with the router's own name. */
const NOT_PASSED_ON = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'cookie',
  'set-cookie',
  'baton-shard',
]);

const passedOn = (headers: IncomingMessage['headers']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || NOT_PASSED_ON.has(name) ? [] : [[name, value]],
    ),
  );

/** What a shard is told of whoever asks. */
export function headersFor(request: IncomingMessage): Record<string, string | string[]> {
  const headers = passedOn(request.headers);
  const before = headers['x-forwarded-for'];
  const from = request.socket.remoteAddress ?? '';
  return { ...headers, 'x-forwarded-for': before === undefined ? from : `${before}, ${from}` };
}

/**
 * Has a shard answer, and passes the answer on as it comes: live events, too.
 *
 * @param body of the request where it was read; it is passed on as it comes otherwise
 * @throws ProblemError 503 where the shard is not there, 400
 */
export async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  to: { readonly shard: number; readonly url: string },
  { body = null, headers = headersFor(request) }: ForwardOptions = {},
): Promise<void> {
  const target = askedOf(to.url, askedUrl(request));
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const upstream = send(target, { method: request.method, headers: { ...headers, ...framing(request, body) } });
  const gone = (): void => void upstream.destroy();
  response.once('close', gone);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once('response', resolve);
    upstream.once('error', (cause) => reject(shardAway(to.shard, cause)));
  });
  // Where the shard is away, or answers before it has read all, this is no news.
  const sending =
    body === null ? pipeline(request, upstream) : new Promise((done) => upstream.end(body, () => done(null)));
  sending.catch(() => {});
  const answer = await answered;
  response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
  // An answer that breaks off breaks off for the client as well.
  await pipeline(answer, response).catch(() => response.destroy());
  response.off('close', gone);
}

/**
 * Says where the body ends, with any method: Node would send that of a GET or a DELETE as it comes, and the shard would take it for
 * the next request.
 */
function framing({ headers }: IncomingMessage, body: Buffer | null): Record<string, string> {
  if (body !== null) return { 'content-length': String(body.length) };
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}

interface ForwardOptions {
  readonly body?: Buffer | null;
  readonly headers?: Record<string, string | string[]>;
}
