import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../http/problem.js';
import { askShard, RefusedByShard } from './ask-all.js';
import { refusalOf } from './refusals.js';

/**
 * The shard of the one run that begins so: for people, who see the beginnings of ids in lists. All shards are asked.
 *
 * @throws ProblemError 404, 409 where there are several; RefusedByShard
 */
export async function shardWith(request: IncomingMessage, urls: readonly string[], prefix: string): Promise<number> {
  const found = await Promise.all(
    urls.map((url, shard) =>
      askShard(request, shard, new URL(`/v1/runs/${prefix}`, url)).then(
        () => [shard],
        (thrown: unknown) => {
          if (thrown instanceof RefusedByShard && thrown.status === 404) return [];
          throw thrown;
        },
      ),
    ),
  );
  const [first, ...others] = found.flat();
  if (first === undefined) throw refusalOf('unknown-place', urls.length);
  if (others.length === 0) return first;
  throw new ProblemError(`In more than one shard a run begins with ${prefix}.`, {
    status: 409,
    code: 'run-id-ambiguous',
    next: 'Give more of the id.',
  });
}
