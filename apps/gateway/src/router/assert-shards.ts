import { RetryableError, TerminalError, toError } from '@baton/contracts';
import { z } from 'zod';

const Ready = z.object({ facts: z.object({ shard: z.string().optional() }) });
const TIMEOUT_MS = 2_000;
const TRY_AGAIN_MS = 2_000;

/**
 * Every address leads to the gateway of the shard whose place it has in the list.
 *
 * @throws TerminalError `wrong-shards`; RetryableError `shard-unreachable` where one is not ready
 */
export async function assertShards(urls: readonly string[]): Promise<void> {
  await Promise.all(
    urls.map(async (url, number) => {
      const expected = `${number} of ${urls.length}`;
      const found = await shardAt(url).catch((cause: unknown) => {
        throw new RetryableError(`The gateway of shard ${number} is not ready: ${toError(cause).message}`, {
          code: 'shard-unreachable',
          retryAfterMs: TRY_AGAIN_MS,
          cause,
        });
      });
      if (found === expected) return;
      throw new TerminalError(`Of BATON_SHARD_URLS, number ${number} is ${found}, and not shard ${expected}.`, {
        code: 'wrong-shards',
        next: 'Name the gateways of all shards, each once, in the order of their numbers.',
      });
    }),
  );
}

async function shardAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/readyz?verbose`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`it answers with ${answer.status}`);
  const { shard } = Ready.parse(await answer.json()).facts;
  return shard ?? 'the only one there is';
}
