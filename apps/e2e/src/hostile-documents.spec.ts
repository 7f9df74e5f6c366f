import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ended, eventsOf, getRun, publish, ROOT, Stack, submit, until } from '@baton/test-stack';
import { afterAll, beforeAll, expect, test } from 'vitest';

const documentOf = (name: string, States: object, over: object = {}) => ({
  name,
  version: '1.0.0',
  title: name,
  definition: { QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States },
  ...over,
});
const small = documentOf('small', { A: { Type: 'Pass', Output: '{% $states.input.n + 1 %}', End: true } });

/** A hundred items, each of which meets a regular expression that backtracks for ever, and is caught. */
const evil = documentOf('evil', {
  Each: {
    Type: 'Map',
    Items: '{% [1..100] %}',
    ItemProcessor: {
      StartAt: 'Try',
      States: {
        Try: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'Match',
              States: {
                Match: {
                  Type: 'Pass',
                  Output: '{% $contains($states.context.Execution.Input.s, /^(.|\\s)*END/) %}',
                  End: true,
                },
              },
            },
          ],
          Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', Output: 'caught', End: true },
      },
    },
    End: true,
  },
});
const s = `${' '.repeat(36)}x`;

let stack: Stack;
let second: ChildProcess;
beforeAll(async () => {
  stack = await Stack.start({ args: ['--only', 'gateway,orchestrator'], env: { BATON_EXPRESSION_MS: '500' } });
  second = spawn(process.execPath, [join(ROOT, 'apps/orchestrator/dist/main.js')], {
    cwd: ROOT,
    env: { ...stack.env, ...(await stack.serviceEnv('orchestrator')) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const document of [small, evil]) await publish(stack, document);
});
afterAll(async () => {
  if (second !== undefined && second.exitCode === null) {
    second.kill('SIGTERM');
    await once(second, 'exit');
  }
  await stack?.stop();
});

test('a run whose expressions do not end leaves both orchestrators and all other runs alone, and can be cancelled', async () => {
  const first = await stack.pidOf('orchestrator');
  const poison = await submit(stack, { workflow: 'evil', input: { s } });
  const times: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    const began = performance.now();
    const runId = await submit(stack, { workflow: 'small', input: { n } });
    await ended(stack, runId, 20_000);
    times.push(performance.now() - began);
  }
  // Each run is asked for and looked at over HTTP: far from the second that one expression may take.
  expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(2_000);
  // On a slow machine the others are through before its first expression was stopped.
  expect(['accepted', 'running']).toContain((await getRun(stack, poison))?.status);
  await stack.api(`/v1/runs/${poison}/cancel`, { method: 'POST', body: '{}' });
  expect(await ended(stack, poison, 30_000)).toMatchObject({ status: 'cancelled' });
  expect(await stack.pidOf('orchestrator')).toBe(first);
  expect(second.exitCode).toBeNull();
});

test('what was stopped is an error that the language can catch, and is on record', async () => {
  const runId = await submit(stack, { workflow: 'evil', input: { s } });
  let caught: readonly unknown[] = [];
  await until(
    async () => {
      const events = await eventsOf(stack, runId).catch(() => []);
      caught = events.filter(({ type }) => type === 'ErrorCaught').map(({ data }) => data);
      return caught.length > 0;
    },
    'an item to be caught',
    30_000,
  );
  expect(caught[0]).toMatchObject({ cause: expect.stringContaining('or raise BATON_EXPRESSION_MS') });
  await stack.api(`/v1/runs/${runId}/cancel`, { method: 'POST', body: '{}' });
  await ended(stack, runId, 30_000);
});

test('an input that a pattern cannot be checked against is refused, and the gateway answers everybody else meanwhile', async () => {
  const input = { type: 'object', properties: { s: { type: 'string', pattern: '^(a|aa)+$' } } };
  await publish(stack, documentOf('pattern', { A: { Type: 'Succeed' } }, { input }));
  const refused = submit(stack, { workflow: 'pattern', input: { s: `${'a'.repeat(60)}!` } });
  expect(await refusedMeanwhile(refused)).toContain('could not be checked');
});

test('a schema and an input that are large together leave the gateway alone, and one thing that is wrong is named', async () => {
  const required = Array.from({ length: 200 }, (_, n) => `a${n}`);
  const input = { type: 'object', properties: { l: { type: 'array', items: { required } } } };
  await publish(stack, documentOf('multiplied', { A: { Type: 'Succeed' } }, { input }));
  const refused = submit(stack, { workflow: 'multiplied', input: { l: Array.from({ length: 300_000 }, () => ({})) } });
  expect(await refusedMeanwhile(refused)).toContain('is required');
});

/** What a submission is refused with, while the gateway answers everybody else. */
async function refusedMeanwhile(submission: Promise<unknown>): Promise<string> {
  const refused = submission.then(
    () => 'not refused',
    (thrown: unknown) => String(thrown),
  );
  let slowest = 0;
  let isOver = false;
  void refused.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const began = performance.now();
    expect(await stack.isReady()).toBe(true);
    slowest = Math.max(slowest, performance.now() - began);
  }
  expect(slowest).toBeLessThan(2_000);
  return refused;
}

test('a withdrawn workflow begins no run any more', async () => {
  await publish(stack, documentOf('leaving', { A: { Type: 'Succeed' } }));
  expect(await stack.api('/v1/workflows/leaving/withdraw', { method: 'POST' })).toEqual({
    name: 'leaving',
    versions: ['1.0.0'],
  });
  await expect(submit(stack, { workflow: 'leaving', input: {} })).rejects.toThrow('422');
  await expect(publish(stack, documentOf('leaving', { A: { Type: 'Succeed' } }))).rejects.toThrow('workflow-withdrawn');
});
