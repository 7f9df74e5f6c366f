import { doOnce, keptAnswer, type OnceOutcome } from '@baton/event-store';
import { canonicalSha256 } from '@baton/workflow';
import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import { sha256Of } from '../auth/key-format.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';
import { openText, sealText } from '../sealing/sealed-text.js';
import { idempotencyConflict, requestIdOf } from './idempotency-keys.js';

/** A request that changes something and is about no run; those have request ids. */
export interface OnceRequest<T> {
  /** The header `Idempotency-Key`. Without it each request is another one. */
  readonly key: string | undefined;
  /** The method and the path: the same key and body for something else is another request. */
  readonly route: string;
  /** The body as it was read. */
  readonly asked: unknown;
  readonly answer: z.ZodType<T>;
}

/** What is done, over a connection of which the answer is kept with the same commit. */
export type Deed<T> = (connection: Pool | PoolClient) => Promise<T>;

/**
 * Does what is asked; a repetition with the same key is given the answer of the first, for a day, and nothing is done again.
 *
 * @param prepare looks whether it can be done, and says how. Not asked about a repetition: that it was done may be why it cannot
 *   be done now. What it throws is not kept, so that a refused request may be sent again.
 * @throws ProblemError 422 where the key stands for another request, 409 while the first is being done; and what `prepare` throws
 */
export async function once<T>(
  { pool, token, caller }: Pick<GatewayParts, 'pool' | 'token' | 'caller'>,
  { key: header, route, asked, answer }: OnceRequest<T>,
  prepare: () => Promise<Deed<T>>,
): Promise<T> {
  const key = requestIdOf(header, undefined);
  if (key === null) return (await prepare())(pool);
  const { type, id } = caller().actor;
  const keySha256 = sha256Of(JSON.stringify([type, id, key]));
  const askedSha256 = Buffer.from(canonicalSha256({ [route]: asked }), 'hex');
  const sealing = { token, key, keySha256 };
  const read = (outcome: OnceOutcome): T => {
    if (outcome.status === 'other') throw idempotencyConflict(key);
    if (outcome.status === 'busy') throw inProgress(key);
    const text = openText(sealing, outcome.answer);
    if (text === null) throw unreadable(key);
    return answer.parse(JSON.parse(text));
  };
  const mark = { keySha256, askedSha256 };
  const known = await keptAnswer(pool, mark);
  if (known !== null) return read(known);
  const deed = await prepare();
  return read(await doOnce(pool, mark, async (client) => sealText(sealing, JSON.stringify(await deed(client)))));
}

const inProgress = (key: string): ProblemError =>
  new ProblemError(`The first request with the Idempotency-Key ${key} is still being carried out.`, {
    status: 409,
    code: 'request-in-progress',
    next: 'Send it again in a moment: then it has the same answer.',
    headers: { 'retry-after': '1' },
  });

const unreadable = (key: string): ProblemError =>
  new ProblemError(`The request with the Idempotency-Key ${key} was carried out, and its answer cannot be read.`, {
    status: 409,
    code: 'answer-unreadable',
    next: 'The BATON_TOKEN of the gateway is another one since. Look at what there is, and use a new key.',
  });
