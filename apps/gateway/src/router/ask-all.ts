import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { askedUrl } from './asked-url.js';
import { headersFor } from './forward.js';
import { shardAway } from './refusals.js';

/** An answer of a shard that is none to go on from: whoever asked gets it as it is. */
export class RefusedByShard extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly body: string,
  ) {
    super(`a shard refused with ${status}`);
  }
}

interface Question {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Asks every shard, each its own question, in the name of whoever asks the router.
 *
 * @throws RefusedByShard, ProblemError 503
 */
export function askAll<T>(
  request: IncomingMessage,
  urls: readonly string[],
  shape: z.ZodType<T>,
  question: (shard: number) => Question,
): Promise<readonly T[]> {
  return Promise.all(
    urls.map(async (url, shard) => {
      const { path, query } = question(shard);
      const target = new URL(path, url);
      for (const [name, value] of askedUrl(request).searchParams) target.searchParams.append(name, value);
      target.searchParams.delete('cursor');
      target.searchParams.delete('after');
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
      return shape.parse(JSON.parse(await askShard(request, shard, target)));
    }),
  );
}

/** Asks one shard in the name of whoever asks the router. @throws as askAll */
export async function askShard(request: IncomingMessage, shard: number, target: URL): Promise<string> {
  const answer = await fetch(target, { headers: headersOf(request) }).catch((cause: unknown) => {
    throw shardAway(shard, cause);
  });
  const body = await answer.text();
  if (!answer.ok) throw new RefusedByShard(answer.status, answer.headers.get('content-type') ?? '', body);
  return body;
}

/** Of the answer only what the router itself reads. */
function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(headersFor(request))) {
    if (/^(authorization|x-forwarded-for|user-agent)$/.test(name)) headers.set(name, String(value));
  }
  headers.set('accept', 'application/json');
  return headers;
}
