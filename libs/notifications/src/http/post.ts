import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { storableText, toError } from '@baton/contracts';
import { allowedAddresses, pinnedLookup, TargetRefused } from '@baton/outbound';
import { addressesUnder, refuseUnlessAllowed, type TargetPolicy } from './target.js';

/** What came back: a status and the beginning of the body, or the reason why nothing did. */
export type Answer =
  | { readonly type: 'answered'; readonly status: number; readonly text: string }
  | { readonly type: 'unanswered'; readonly error: string };

export interface PostPorts extends TargetPolicy {
  /** For everything: finding the host, connecting, sending, and the head of the answer. */
  readonly timeoutMs: number;
}

const KEPT_BYTES = 1_024;
/** An endpoint that says more is cut off. */
const READ_BYTES = 64 * 1_024;

/**
 * Sends one POST. The addresses that the policy allowed are the ones that are connected to: the name is not looked up
 * twice. Redirects are answers like others. Resolves whatever happens, but for `stopped`, with which it rejects.
 */
export async function post(
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ports: PostPorts,
  stopped: AbortSignal,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(ports.timeoutMs);
  try {
    return await send(target, ports, AbortSignal.any([timeout, stopped]));
  } catch (thrown) {
    stopped.throwIfAborted();
    const reason = timeout.aborted ? `no answer within ${ports.timeoutMs} ms` : reasonOf(toError(thrown));
    return { type: 'unanswered', error: reason };
  }
}

async function send(target: Parameters<typeof post>[0], ports: PostPorts, signal: AbortSignal): Promise<Answer> {
  const url = new URL(target.url);
  refuseUnlessAllowed(url, ports);
  // An address that stands in the URL is never looked up, so `lookup` below would not see it.
  if (/^\[|^[\d.]+$/.test(url.hostname)) await allowedAddresses(url.hostname, addressesUnder(ports));
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...target.headers, 'content-length': String(Buffer.byteLength(target.body)) },
    // A connection of its own: one that is kept would outlive the check of its address.
    agent: false,
    lookup: pinnedLookup(addressesUnder(ports)),
    signal,
  };
  const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.end(target.body);
  });
  const status = response.statusCode ?? 0;
  return { type: 'answered', status, text: await beginningOf(response) };
}

/** The status has come: what goes wrong from here on, the time limit included, only makes the text shorter. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      const read = Buffer.from(chunk);
      if (bytes < KEPT_BYTES) chunks.push(read);
      bytes += read.length;
      // Leaving the loop ends the connection.
      if (bytes >= READ_BYTES) break;
    }
  } catch {
    // Cut off.
  }
  return storableText(Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString());
}

/** Node tries every address of a host and throws what each of them said. */
function reasonOf(error: Error): string {
  if (error instanceof TargetRefused) return `not sent: the URL ${error.message}`;
  const first = error instanceof AggregateError ? error.errors[0] : undefined;
  const { message } = first instanceof Error ? first : error;
  return message === '' ? error.name : storableText(message);
}
