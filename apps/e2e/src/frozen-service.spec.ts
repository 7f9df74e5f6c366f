import { ended, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

const GREETING = {
  name: 'greeting',
  version: '1.0.0',
  title: 'Says hello',
  definition: { StartAt: 'Hello', States: { Hello: { Type: 'Pass', End: true } } },
};

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ args: ['--only', 'gateway,orchestrator'] });
  await stack.api('/v1/workflows', { method: 'POST', body: JSON.stringify(GREETING) });
});
afterAll(() => stack?.stop());

test.each(['gateway', 'orchestrator'] as const)('a frozen %s is replaced, and runs go on', async (victim) => {
  const pid = await stack.pidOf(victim);
  process.kill(pid, 'SIGSTOP');
  await until(() => stack.output.includes(`${victim} has not answered for`), 'the supervisor to notice', 30_000);
  await until(
    async () => (await stack.pidOf(victim).catch(() => pid)) !== pid && (await stack.isReady()),
    'another one',
    30_000,
  );
  const view = await ended(stack, await submit(stack, { workflow: 'greeting', input: {} }), 60_000);
  expect(view.status).toBe('succeeded');
});
