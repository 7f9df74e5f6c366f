import { withDocuments } from '@baton/event-store';
import { decide, initialState, toStore } from '@baton/workflow';
import type { Pool } from 'pg';
import { catalog } from './workflows.js';

/**
 * A process reads a workflow document from the database once and remembers it, for every simulation that it runs: the second
 * one would ask less than the first, and be another one. So each is known before the first.
 */
export async function knowDocuments(): Promise<void> {
  known ??= readAll();
  await known;
}

let known: Promise<void> | null = null;

async function readAll(): Promise<void> {
  const { workflows } = await catalog.list();
  const actor = { type: 'system', id: 'simulation' } as const;
  for (const { document, sha256 } of workflows) {
    const submission = { requestId: 'known', runId: RUN, workflow: document.name, input: {} };
    const [started] = await decide(
      initialState,
      { type: 'StartRun', submission, document, sha256 },
      { nowMs: 0, actor },
    );
    const named = started === undefined ? null : toStore(started).document;
    if (named === null) throw new Error(`the first event of ${document.name} names no document`);
    const pool = { query: async () => ({ rows: [{ body: named.text }] }) } as unknown as Pool;
    await withDocuments(pool, [{ dataText: `{"documentSha256":"${named.sha256}"}` }]);
  }
}

const RUN = '00000000-0000-4000-8000-000000000000';
