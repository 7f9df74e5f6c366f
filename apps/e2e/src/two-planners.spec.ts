import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ended, eventsOf, publish, REQUIREMENTS, ROOT, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Nothing but the first of the seven steps. */
const PLAN = {
  name: 'plan',
  version: '1.0.0',
  title: 'One plan',
  steps: { Plan: { number: 1, title: 'Plan', template: 'step1_initial_planner_prompt_template' } },
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Plan',
    States: {
      Plan: {
        Type: 'Task',
        Resource: 'baton:worker:planner',
        Arguments: {
          requirements: REQUIREMENTS,
          workspaceType: 'isolated',
          documentationLocations: [],
          language: 'typescript',
          files: [],
        },
        End: true,
      },
    },
  },
};
const RUNS = 12;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start({ args: ['--only', 'gateway,orchestrator,planner'], env: { BATON_CONCURRENCY: '1' } });
  await publish(stack, PLAN);
});
afterAll(() => stack?.stop());

test('a second planner that joins with .baton/services/planner.env takes its share of the work', async () => {
  let said = '';
  const second = spawn(process.execPath, [join(ROOT, 'apps/planner/dist/main.js')], {
    cwd: ROOT,
    env: { ...stack.env, ...(await stack.serviceEnv('planner')), BATON_CONCURRENCY: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    second.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until(() => said.includes('"ready"'), 'the second planner to be ready', 60_000);
    const runIds = await Promise.all(
      Array.from({ length: RUNS }, () => submit(stack, { workflow: 'plan', input: {} })),
    );
    const views = await Promise.all(runIds.map((runId) => ended(stack, runId)));
    expect(views.map(({ status }) => status)).toEqual(runIds.map(() => 'succeeded'));

    const events = (await Promise.all(runIds.map((runId) => eventsOf(stack, runId)))).flat();
    const planned = events.filter(
      ({ type, data }) => type === 'TaskScheduled' && JSON.stringify(data).includes('"baton:worker:planner"'),
    ).length;
    const taken = said.split('"task done"').length - 1;
    expect(planned).toBe(RUNS);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(planned);
  } finally {
    second.kill('SIGTERM');
    await once(second, 'exit');
  }
});
