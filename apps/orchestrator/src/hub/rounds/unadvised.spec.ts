import { createLogger } from '@baton/service-kit';
import { expect, test, vi } from 'vitest';
import type { HubMessage } from '../message.js';
import { watchUnadvised } from './unadvised.js';

test('a command that nobody will answer is told once, and again where that could not be decided', async () => {
  const told: string[] = [];
  let failures = 1;
  const began = performance.now();
  const watch = watchUnadvised({
    store: { unadvised: async () => ['a-1', 'b-1'].map((commandId) => ({ commandId, runId: commandId.slice(0, 1) })) },
    handle: async ({ order }: HubMessage) => {
      if (order.type !== 'LeaveUnadvised') throw new Error(`not asked for: ${order.type}`);
      if (order.commandId === 'b-1' && failures-- > 0) throw new Error('not now');
      told.push(order.commandId);
      return 'ignored';
    },
    log: createLogger({ name: 'test', level: 'silent' }),
    silentMs: 100,
    everyMs: 20,
  });
  try {
    await vi.waitFor(() => expect(told).toEqual(['a-1', 'b-1']), { timeout: 5_000 });
    // Whoever starts with the hub has had its time to say so.
    expect(performance.now() - began).toBeGreaterThanOrEqual(100);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toEqual(['a-1', 'b-1']);
  } finally {
    await watch.stop();
  }
});
