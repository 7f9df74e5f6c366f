import { ALL_TOOLS } from '@baton/mcp';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';

/** The body of a call that waits is held for as long, so many of them may not be large: what is asked for is an id and two numbers. */
const MOST_OF_A_WAIT_BYTES = 16 * 1024;

const WAITING: ReadonlySet<string> = new Set(ALL_TOOLS.filter(({ mayWait }) => mayWait).map(({ name }) => name));

const Call = z.looseObject({ method: z.literal('tools/call'), params: z.looseObject({ name: z.string() }) });

/** @throws ProblemError 413 where a call that may wait comes with more than it can ask for, alone or among others of a batch */
export function refuseLargeWait(body: unknown, contentLength: string | undefined): void {
  const waiting = (Array.isArray(body) ? body : [body]).flatMap((each) => {
    const call = Call.safeParse(each);
    return call.success && WAITING.has(call.data.params.name) ? [call.data.params.name] : [];
  });
  if (waiting.length === 0) return;
  const bytes = contentLength === undefined ? Buffer.byteLength(JSON.stringify(body)) : Number(contentLength);
  if (bytes <= MOST_OF_A_WAIT_BYTES) return;
  throw new ProblemError(`A call of ${waiting[0]} has more than ${MOST_OF_A_WAIT_BYTES} bytes.`, {
    status: 413,
    code: 'body-too-large',
    next: 'Send its arguments, and nothing else.',
  });
}
