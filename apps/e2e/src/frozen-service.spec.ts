import { ended, publish, type Stack, submit, until } from '@baton/test-stack';
import { expect } from 'vitest';
import { test } from './testing/shared-stack.js';

const GREETING = {
  name: 'greeting',
  version: '1.0.0',
  title: 'Says hello',
  definition: { StartAt: 'Hello', States: { Hello: { Type: 'Pass', End: true } } },
};

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, GREETING);
});

// Both at once, since the supervisor minds each of them by itself, and notices after the same time.
test('a frozen gateway and a frozen orchestrator are replaced, and runs go on', async () => {
  const frozen = await Promise.all(
    (['gateway', 'orchestrator'] as const).map(async (victim) => ({ victim, pid: await stack.pidOf(victim) })),
  );
  for (const { pid } of frozen) process.kill(pid, 'SIGSTOP');
  for (const { victim, pid } of frozen) {
    await until(() => stack.output.includes(`${victim} has not answered for`), 'the supervisor to notice', 30_000);
    await until(
      async () => (await stack.pidOf(victim).catch(() => pid)) !== pid && (await stack.isReady()),
      `another ${victim}`,
      30_000,
    );
  }
  const view = await ended(stack, await submit(stack, { workflow: 'greeting', input: {} }), 60_000);
  expect(view.status).toBe('succeeded');
});
