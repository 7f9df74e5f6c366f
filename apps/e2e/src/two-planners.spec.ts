import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ended, eventsOf, ROOT, Stack, submit } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ env: { BATON_CONCURRENCY: '1' } });
});
afterAll(() => stack?.stop());

test('a second planner that joins with .baton/env takes its share of the work', async () => {
  let taken = 0;
  const second = spawn(process.execPath, [join(ROOT, 'apps/planner/dist/main.js')], {
    cwd: ROOT,
    env: { ...stack.env, ...(await stack.joinEnv()), BATON_CONCURRENCY: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    second.stdout.on('data', (chunk: Buffer) => {
      taken += chunk.toString().split('"task done"').length - 1;
    });
    const runIds = await Promise.all(Array.from({ length: 8 }, () => submit(stack)));
    const views = await Promise.all(runIds.map((runId) => ended(stack, runId)));
    expect(views.map(({ status }) => status)).toEqual(runIds.map(() => 'succeeded'));

    const events = (await Promise.all(runIds.map((runId) => eventsOf(stack, runId)))).flat();
    const planned = events.filter(
      ({ type, data }) => type === 'TaskScheduled' && JSON.stringify(data).includes('"baton:worker:planner"'),
    ).length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(planned);
  } finally {
    second.kill('SIGTERM');
  }
});
