import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Json, parseJson, storableText, toError } from '@baton/contracts';
import { allowedAddresses, pinnedLookup, TargetRefused } from '@baton/outbound';
import type { HttpSettings } from './env.js';
import type { PreparedRequest } from './prepare-request.js';
import { failed, HttpErrorName, refused } from './refused.js';
import type { HttpResult } from './request-arguments.js';

type Ports = Pick<HttpSettings, 'addresses' | 'timeoutMs' | 'mostBytes'>;

/**
 * Sends one request. What it connects to is what the policy allowed: the name is not looked up twice. A redirect is an answer like
 * others, since where it leads was not allowed by anybody.
 *
 * @throws errors named `States.Http.Socket`, `States.DataLimitExceeded`, `Baton.HostNotAllowed`; the reason of `stopped`
 */
export async function send(request: PreparedRequest, ports: Ports, stopped: AbortSignal): Promise<HttpResult> {
  const timeout = AbortSignal.timeout(ports.timeoutMs);
  try {
    return await exchange(request, ports, AbortSignal.any([timeout, stopped]));
  } catch (thrown) {
    stopped.throwIfAborted();
    if (timeout.aborted) throw failed(HttpErrorName.socket, `No answer within ${ports.timeoutMs} ms.`);
    const error = toError(thrown);
    if (error.name === HttpErrorName.dataLimitExceeded) throw error;
    if (error instanceof TargetRefused) {
      throw refused(
        HttpErrorName.hostNotAllowed,
        `The host ${error.message}.`,
        'Addresses of one’s own network need BATON_HTTP_ALLOW_PRIVATE=true of the worker.',
      );
    }
    throw failed(HttpErrorName.socket, reasonOf(error));
  }
}

async function exchange(
  { url, method, headers, body }: PreparedRequest,
  { addresses, mostBytes }: Ports,
  signal: AbortSignal,
): Promise<HttpResult> {
  // An address that stands in the URL is never looked up, so `lookup` below would not see it.
  if (/^\[|^[\d.]+$/.test(url.hostname)) await allowedAddresses(url.hostname, addresses);
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options: RequestOptions = {
    method,
    headers: Object.fromEntries(
      Object.entries({ ...headers, ...length }).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : [...value],
      ]),
    ),
    // A connection of its own: one that is kept would outlive the check of its address.
    agent: false,
    lookup: pinnedLookup(addresses),
    signal,
  };
  const outgoing = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });
  const text = await bodyOf(response, mostBytes);
  return {
    StatusCode: response.statusCode ?? 0,
    StatusText: storableText(response.statusMessage ?? ''),
    Headers: Object.fromEntries(
      Object.entries(response.headersDistinct).map(([name, values]) => [name, (values ?? []).map(storableText)]),
    ),
    ResponseBody: readBody(text, response.headers['content-type']),
  };
}

async function bodyOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const part = Buffer.from(chunk);
    size += part.length;
    // Leaving the loop ends the connection.
    if (size > mostBytes) {
      throw refused(HttpErrorName.dataLimitExceeded, `The answer has more than ${mostBytes} bytes.`, 'Ask for less.');
    }
    chunks.push(part);
  }
  return storableText(Buffer.concat(chunks).toString());
}

/** JSON where the host says that it is JSON, and it is; else the text. */
function readBody(text: string, type: string | undefined): Json {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type ?? '')) return text;
  try {
    return parseJson(text, 'the answer') as Json;
  } catch {
    return text;
  }
}

/** Node tries every address of a host and throws what each of them said. */
function reasonOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const { message } = first instanceof Error ? first : error;
  return message === '' ? error.name : storableText(message);
}
