import { rm } from 'node:fs/promises';
import { ended, FOR_SEVEN_STEPS, REPORT, Stack, sevenSteps, submit } from '@baton/test-stack';
import { afterAll, expect, inject, test } from 'vitest';
import { envOf, printed } from './testing/commands.js';

/** What is rebuilt: in short a run of five questions, which takes one worker. */
const [submission, args] =
  inject('effort') === 'long'
    ? [sevenSteps(), FOR_SEVEN_STEPS]
    : [REPORT, ['--only', 'gateway,orchestrator,prompt'] as const];

let home: string | null = null;
afterAll(async () => {
  if (home !== null) await rm(home, { recursive: true, force: true });
});

test('replay rebuilds any state of a run from the log alone, with no worker and no model running', async () => {
  const whole = await Stack.start({ args });
  home = whole.home;
  const runId = await submit(whole, submission);
  const view = await ended(whole, runId);
  expect(await whole.stop({ keepData: true })).toBe(0);

  const reader = await Stack.start({ home, args: ['--only', 'gateway'] });
  try {
    const env = await envOf(reader);
    const replay = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
      JSON.parse(await printed(['replay', runId, ...args, '-o', 'json'], { env }));
    expect(await replay()).toMatchObject({ runId, at: view.version, of: view.version, state: { status: 'succeeded' } });
    expect(await replay('--at', '0')).toMatchObject({ at: 0, state: { status: 'new' } });
    for (const at of [1, 5, Math.floor(view.version / 2), view.version - 1]) {
      expect(await replay('--at', String(at))).toMatchObject({ at, of: view.version, state: { status: 'running' } });
    }
  } finally {
    await reader.stop({ keepData: true });
  }
});
