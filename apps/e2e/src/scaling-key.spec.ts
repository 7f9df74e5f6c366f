/* What KEDA reads to know how many workers are needed: the chart names these figures (infra/helm/baton/templates/scaling.yaml). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish, RedisServer, ROOT, redisProgram, Stack, submit, until } from '@baton/test-stack';
import { describe, expect, onTestFinished, test as plain } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';

const TRIGGER = /url: (?<url>.+)[\s\S]*?valueLocation: (?<place>.+)/g;
const triggers = [...readFileSync(join(ROOT, 'infra/helm/baton/templates/scaling.yaml'), 'utf8').matchAll(TRIGGER)].map(
  ({ groups = {} }) => groups,
);

/** What gjson finds by such a place as the chart has, the only kind that is read here. */
function found(place: string, answer: unknown): unknown {
  const [, list = '', name, figure = ''] = /^(\w+)\.#\(name=="([^"]+)"\)\.(\w+)$/.exec(place) ?? [];
  const lists = z.record(z.string(), z.unknown()).parse(answer);
  const rows = z.array(z.looseObject({ name: z.string() })).parse(lists[list]);
  return rows.find((row) => row.name === name)?.[figure];
}

const waiting = (kind: string) => ({
  name: `waits-for-${kind}`,
  version: '1.0.0',
  title: 'Waits for a worker that is not there',
  definition: { StartAt: 'Ask', States: { Ask: { Type: 'Task', Resource: `baton:worker:${kind}`, End: true } } },
});

async function expectDepth(stack: Stack): Promise<void> {
  const kind = 'nobody-yet';
  await publish(stack, waiting(kind));
  for (let n = 0; n < 3; n += 1) await submit(stack, { workflow: `waits-for-${kind}`, input: {} });
  const [first, second] = triggers;
  const path = new URL(first?.url?.replaceAll(/\{\{.*?\}\}/g, '0') ?? '').pathname;
  expect([path, second?.url]).toEqual(['/v1/queues', first?.url]);
  const read = async ({ place = '' }: Readonly<Record<string, string>> = {}) =>
    found(place.replace(/\{\{.*?\}\}/, kind), await stack.api(path));
  await until(async () => (await read(first)) === 3, 'three tasks to wait');
  expect(await read(second)).toBe(0);
}

test('what scales workers is read off the queues of a stack on Postgres', ({ everything }) => expectDepth(everything));

const program = redisProgram();
describe.skipIf(program === null)('on Redis', () => {
  plain('what scales workers is read off the queues, too', async () => {
    const redis = await RedisServer.start(program ?? '');
    onTestFinished(() => redis.stop());
    const stack = await Stack.start({ args: ['--only', 'gateway,orchestrator'], env: { REDIS_URL: redis.url } });
    onTestFinished(async () => void (await stack.stop()));
    await expectDepth(stack);
  });
});

test('each worker of the chart is a kind whose queue is told of', async ({ everything }) => {
  const { queues } = z
    .object({ queues: z.array(z.object({ name: z.string() })) })
    .parse(await everything.api('/v1/queues'));
  const values = readFileSync(join(ROOT, 'infra/helm/baton/values.yaml'), 'utf8');
  const kinds = [...values.matchAll(/login: BATON_LOGIN_([A-Z]+)/g)].map(([, name = '']) => name.toLowerCase());
  const workers = kinds.filter((kind) => !['gateway', 'orchestrator'].includes(kind));
  expect(workers.length).toBe(7);
  expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(workers.map((kind) => `worker-${kind}`)));
});
