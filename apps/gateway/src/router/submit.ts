import type { IncomingMessage, ServerResponse } from 'node:http';
import { NewRequestId, parseJson, readTaskToken, runIdOfRequest, shardOf } from '@baton/contracts';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import { forward, headersFor } from './forward.js';

/** As large as a gateway takes it. */
const MOST_BYTES = 1024 * 1024;

/** What of a submission says where it goes. All else is the gateway's to read. */
const Placed = z.object({
  requestId: NewRequestId.optional().catch(undefined),
  runId: z.string().optional().catch(undefined),
  token: z.string().optional().catch(undefined),
});

/**
 * A submission goes to the shard of its run, and so the same one each time that it is sent. One that has no request id gets one
 * here, since only that says where it belongs.
 */
export async function submit(
  request: IncomingMessage,
  response: ServerResponse,
  urls: readonly string[],
  newId: () => string,
): Promise<void> {
  const body = await bodyOf(request);
  const { requestId: inBody, runId, token } = placeIn(body);
  if (token !== undefined) {
    // One that is none is refused by any.
    const at = shardOf(readTaskToken(token)?.runId ?? '', urls.length) ?? 0;
    return forward(request, response, { shard: at, url: urls[at] ?? '' }, { body, headers: headersFor(request) });
  }
  const header = request.headers['idempotency-key'];
  const given = requestIdOf(typeof header === 'string' ? header : header?.[0], inBody);
  const requestId = given ?? newId();
  // An id of a run that says no shard is refused by any.
  const shard = shardOf(runId ?? runIdOfRequest(requestId, urls.length), urls.length) ?? 0;
  const headers = { ...headersFor(request), ...(given === null ? { 'idempotency-key': requestId } : {}) };
  await forward(request, response, { shard, url: urls[shard] ?? '' }, { body, headers });
}

function placeIn(body: Buffer): z.infer<typeof Placed> {
  try {
    return Placed.catch({}).parse(parseJson(body.toString().replace(/^\ufeff/, ''), 'The request body'));
  } catch {
    // What is no JSON is refused by any of them, and better than here.
    return {};
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part);
    size += part.length;
    if (size > MOST_BYTES) {
      throw new ProblemError(`The body has more than ${MOST_BYTES} bytes.`, {
        status: 413,
        code: 'body-too-large',
        next: 'Send large content as a workspace.',
        headers: { connection: 'close' },
      });
    }
  }
  return Buffer.concat(parts);
}
