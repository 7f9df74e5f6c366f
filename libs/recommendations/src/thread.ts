import type { PatternReport, RecommendationReport } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import type { Pool } from 'pg';
import type { AnalysisTask } from './analyse.js';
import { findPatterns } from './find-patterns.js';
import { recommend } from './recommend.js';
import { TooMuchToRead } from './window.js';

/*
 * To look at thousands of decisions, and to make them again, is work of seconds: it has a thread, and connections, of its own.
 */

let open: { readonly url: string; readonly pool: Pool } | null = null;

function poolFor(url: string): Pool {
  if (open?.url !== url) {
    open = { url, pool: createPool(url, { role: 'gateway', applicationName: 'baton-analysis', max: 2 }) };
  }
  return open.pool;
}

/** @public called by whoever starts the thread */
export default async ({
  url,
  question,
  asked,
}: AnalysisTask): Promise<PatternReport | RecommendationReport | 'too-much'> => {
  const ports = { pool: poolFor(url), nowMs: () => Date.now() };
  try {
    return await (question === 'patterns' ? findPatterns(ports, asked) : recommend(ports, asked));
  } catch (thrown) {
    // An error loses its class on the way.
    if (thrown instanceof TooMuchToRead) return 'too-much';
    throw thrown;
  }
};
