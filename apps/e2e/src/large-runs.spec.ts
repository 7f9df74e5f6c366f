import { EventList } from '@baton/contracts';
import { ended, eventsOf, getRun, publish, type Stack, submit, until } from '@baton/test-stack';
import { expect } from 'vitest';
import { test } from './testing/shared-stack.js';

const ITEMS = 2_000;
const chain = Object.fromEntries(
  Array.from({ length: 6 }, (_, at) => [
    `S${at}`,
    {
      Type: 'Pass',
      ...(at === 2 ? { Output: '{% $states.input * 2 %}' } : {}),
      ...(at < 5 ? { Next: `S${at + 1}` } : { End: true }),
    },
  ]),
);
const map = {
  Type: 'Map',
  Items: `{% [1..${ITEMS}] %}`,
  MaxConcurrency: 100,
  ItemProcessor: { StartAt: 'S0', States: chain },
  End: true,
};
const document = {
  name: 'plain-items',
  version: '1.0.0',
  title: 'Items that wait for nothing',
  definition: { QueryLanguage: 'JSONata', StartAt: 'Each', States: { Each: map } },
};

let stack: Stack;
test.beforeAll(async ({ everything }) => {
  stack = everything;
  await publish(stack, document);
});

test('a run of very many states that wait for nothing comes to its end, though its orchestrator is killed between turns', async () => {
  const runId = await submit(stack, { workflow: 'plain-items', input: {} });
  let seen = 0;
  for (const strike of [1, 2]) {
    // One event is looked at: the whole run takes as long to look at as it has left.
    const further = `/v1/runs/${runId}/events?after=${seen + 1_000}&limit=1`;
    await until(
      async () => EventList.parse(await stack.api(further)).events.length > 0,
      `the run to move before strike ${strike}`,
      30_000,
    );
    await stack.kill('orchestrator');
    const { version = 0, status } = (await getRun(stack, runId)) ?? {};
    expect(status).not.toBe('succeeded');
    seen = version;
  }
  const run = await ended(stack, runId, 120_000);
  expect(run).toMatchObject({ status: 'succeeded' });
  const result = await stack.api(`/v1/runs/${runId}/result`);
  expect(result).toMatchObject({ output: Array.from({ length: ITEMS }, (_, at) => (at + 1) * 2) });
  const types = Map.groupBy(await eventsOf(stack, runId), ({ type }) => type);
  expect(types.get('StateExited')?.length).toBe(ITEMS * 6 + 1);
  expect(types.get('TurnResumed')?.length).toBe(types.get('TurnYielded')?.length);
});
