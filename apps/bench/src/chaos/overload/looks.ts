import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@baton/test-stack';
import { quantile } from '../../result.js';

const EVERY_MS = 500;
const PATHS = ['/livez', '/readyz', '/v1/runs?limit=20'];
/** Who asks whether it is well does not wait for longer. */
const PATIENCE_MS = 10_000;

/** What whoever looks is told meanwhile. */
export interface Looks {
  /** Those that did not succeed, in words. */
  readonly failed: readonly string[];
  readonly end: () => Promise<readonly string[]>;
}

/** Asks again and again whether the gateway is well, and for the newest runs; with a key, and each time over a connection that may be new. */
export async function looksAt(stack: Stack): Promise<Looks> {
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
  const headers = { authorization: `Bearer ${token}` };
  const tookMs = new Map<string, number[]>(PATHS.map((path) => [path, []]));
  const failed: string[] = [];
  let isOver = false;
  const look = async (path: string): Promise<void> => {
    while (!isOver) {
      const atMs = performance.now();
      try {
        const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
        await response.arrayBuffer();
        if (!response.ok) failed.push(`${path} ${response.status}`);
      } catch (thrown) {
        failed.push(`${path} ${String(thrown)}`);
      }
      tookMs.get(path)?.push(performance.now() - atMs);
      await sleep(EVERY_MS);
    }
  };
  const looking = PATHS.map(look);
  return {
    failed,
    end: async () => {
      isOver = true;
      await Promise.all(looking);
      return PATHS.map((path) => {
        const sorted = (tookMs.get(path) ?? []).toSorted((a, b) => a - b);
        const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(0));
        return `GET ${path}: ${sorted.length} times, ${p50} ms (p50), ${p99} ms (p99), ${max} ms (max)`;
      });
    },
  };
}
