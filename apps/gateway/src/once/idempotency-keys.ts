import { NewRequestId } from '@baton/contracts';
import { z } from 'zod';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';

const KeyHeader = z.object({ 'Idempotency-Key': NewRequestId.optional() });

/**
 * The request id: the header `Idempotency-Key`, bare or as the quoted string of its draft standard, or `requestId` of
 * the body. Null when there is neither. The same characters are the same key, wherever they stand.
 *
 * @throws ProblemError 400 when the header is wrong, 422 when both are given and differ
 */
export function requestIdOf(header: string | undefined, inBody: string | undefined): string | null {
  const text = header === undefined ? undefined : textOfHeader(header).trim();
  const bare = text === undefined ? undefined : (/^"(.*)"$/.exec(text)?.[1] ?? text);
  const { 'Idempotency-Key': key } = parseParameters(KeyHeader, { 'Idempotency-Key': bare });
  if (key !== undefined && inBody !== undefined && key !== inBody) {
    throw new ProblemError('The Idempotency-Key header and requestId of the body are not the same.', {
      status: 422,
      code: 'idempotency-conflict',
      next: 'Send one of them.',
      errors: [{ pointer: '/requestId', detail: `differs from the header, which is ${JSON.stringify(key)}` }],
    });
  }
  return key ?? inBody ?? null;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A header as its sender meant it. Node reads each byte as a character (Latin-1). Most clients send UTF-8; `fetch` sends
 * Latin-1, and refuses what that does not have. Bytes that are no UTF-8 are therefore taken as they are.
 */
function textOfHeader(header: string): string {
  try {
    return UTF8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

export const idempotencyConflict = (requestId: string): ProblemError =>
  new ProblemError(`The request id ${requestId} was used before, for another request.`, {
    status: 422,
    code: 'idempotency-conflict',
    next: 'Repeat the first request unchanged, or use a new Idempotency-Key.',
  });
