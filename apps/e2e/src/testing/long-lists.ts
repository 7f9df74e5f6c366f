import { RunResult, Verification } from '@baton/contracts';
import { createPool } from '@baton/event-store';
import { ended, eventsOf, mapOf, NoopWorker, publish, type Stack, submit, until, violations } from '@baton/test-stack';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

const ITEMS = inject('effort') === 'long' ? { inOrder: 500, killed: 300 } : { inOrder: 200, killed: 120 };

/** Lists that are long for a test: each item once, and in order. */
export function describeLongLists(stackOf: () => Stack): void {
  let stack: Stack;
  let worker: NoopWorker;
  let pool: Pool;

  beforeAll(async () => {
    stack = stackOf();
    for (const document of [mapOf('long-list', 0), mapOf('twenty-at-once', 20)]) await publish(stack, document);
    const { DATABASE_URL = '', REDIS_URL } = (await stack.joinEnv()) ?? {};
    pool = createPool(await stack.ownerUrl(), { role: 'owner', applicationName: 'long-lists' });
    worker = await NoopWorker.start(
      REDIS_URL === undefined ? { backend: 'postgres', url: DATABASE_URL } : { backend: 'redis', url: REDIS_URL },
      'noop',
    );
  });
  afterAll(async () => {
    await worker?.stop();
    await pool?.end();
  });

  const itemsDone = async (runId: string): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from baton.event where run_id = $1 and type = 'TaskSucceeded'`,
      [runId],
    );
    return rows[0]?.n ?? 0;
  };
  const expectItems = async (runId: string, items: readonly number[]): Promise<void> => {
    const view = await ended(stack, runId, 180_000);
    expect(view.status, view.cause ?? '').toBe('succeeded');
    expect(RunResult.parse(await stack.api(`/v1/runs/${runId}/result`)).output).toEqual(items);
    expect(violations(await eventsOf(stack, runId))).toEqual([]);
    expect(await itemsDone(runId)).toBe(items.length);
  };
  const listOf = (length: number) => Array.from({ length }, (_, index) => index);

  test(`a Map of ${ITEMS.inOrder} items gives the outcomes in the order of the items`, async () => {
    const items = listOf(ITEMS.inOrder);
    await expectItems(await submit(stack, { workflow: 'long-list', input: { items } }), items);
  });

  test(`each of ${ITEMS.killed} items counts once although the orchestrator is killed with -9 in the middle`, async () => {
    const items = listOf(ITEMS.killed);
    const runId = await submit(stack, { workflow: 'twenty-at-once', input: { items } });
    await until(async () => (await itemsDone(runId)) >= ITEMS.killed / 5, 'a part of the items to be done', 60_000);
    await stack.kill('orchestrator');
    expect(await itemsDone(runId), 'the kill came too late').toBeLessThan(items.length);
    await expectItems(runId, items);
    expect(Verification.parse(await stack.api('/v1/audit/verify'))).toMatchObject({ verified: true, problem: null });
  });
}
