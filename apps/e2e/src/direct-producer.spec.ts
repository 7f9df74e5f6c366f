import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { CLI, ended, REPORT, type Stack, until } from '@baton/test-stack';
import { createPostgresBackend, Queue } from 'bullmq';
import { CompactSign, importJWK } from 'jose';
import { afterAll, expect } from 'vitest';
import { z } from 'zod';
import { test } from './testing/shared-stack.js';

/** Knows only what docs/using.md and `.baton/env` tell: the queue's name, its schema on Postgres, the message. */
const open = (connectionString: string, queue: string) =>
  new Queue(queue, { connection: { connectionString } }, createPostgresBackend);

const execute = promisify(execFile);

let stack: Stack;
let intake: ReturnType<typeof open>;
let results: ReturnType<typeof open>;

test.beforeAll(async ({ everything }) => {
  stack = everything;
  const joined = await stack.joinEnv();
  intake = open(joined?.DATABASE_URL ?? '', 'intake');
  results = open(joined?.DATABASE_URL ?? '', 'results-0');
});
afterAll(async () => {
  await intake?.close();
  await results?.close();
});

const DeadLetters = z.object({
  deadLetters: z.array(z.object({ source: z.string(), reason: z.string(), message: z.string() })),
});
const deadLetters = async () => DeadLetters.parse(await stack.api('/v1/dead-letters')).deadLetters;

test('a plain BullMQ producer submits a job to intake and the run completes', async () => {
  const runId = randomUUID();
  const message = { requestId: `direct-${runId}`, runId, ...REPORT };
  await intake.add('submit', message);
  const view = await ended(stack, runId);
  expect(view.status).toBe('succeeded');
  expect(view.submittedBy).toEqual({ type: 'producer', id: 'intake' });
});

test('the same request twice is one run', async () => {
  const runId = randomUUID();
  const message = { requestId: `twice-${runId}`, runId, ...REPORT };
  await intake.add('submit', message);
  await intake.add('submit', message);
  const view = await ended(stack, runId);
  expect(view.steps.filter(({ state }) => state === 'ValidateData')).toHaveLength(1);
});

const malformed: readonly {
  readonly what: string;
  readonly name: string;
  readonly data: object;
  readonly reason: RegExp;
}[] = [
  { what: 'without a workflow', name: 'submit', data: { requestId: 'm1', input: {} }, reason: /workflow/ },
  {
    what: 'for an unknown workflow',
    name: 'submit',
    data: { requestId: 'm2', workflow: 'no-such', input: {} },
    reason: /no workflow no-such/,
  },
  {
    what: 'with input that fails the schema',
    name: 'submit',
    data: { requestId: 'm3', workflow: 'seven-step', input: {} },
    reason: /requirements/,
  },
  {
    what: 'with a misspelt budget',
    name: 'submit',
    data: { requestId: 'm5', workflow: 'seven-step', input: { requirements: 'x' }, bugdet: { usd: 1 } },
    reason: /bugdet/,
  },
  { what: 'with an unknown job name', name: 'sumbit', data: { requestId: 'm4' }, reason: /sumbit/ },
];

for (const { what, name, data, reason } of malformed) {
  test(`a message ${what} lands in the dead letter with its reason`, async () => {
    await intake.add(name, data);
    await until(
      async () => (await deadLetters()).some((letter) => letter.source === 'intake' && reason.test(letter.reason)),
      'the dead letter',
    );
  });
}

const Made = z.object({ url: z.string(), privateKey: z.json(), example: z.string() });

test('a producer with a login of its own submits, signed, and the run is of it by proof', async () => {
  const env = { ...stack.env, ...(await stack.joinEnv()) };
  const made = await execute(process.execPath, [CLI, 'auth', 'producer', 'create', 'desk', '--sign', '-o', 'json'], {
    env,
  });
  const { url, privateKey, example } = Made.parse(JSON.parse(made.stdout));
  expect(example).toContain("await intake.add('signed', { requestId, jws });");
  const theirs = open(url, 'intake');
  try {
    const runId = randomUUID();
    const requestId = `signed-${runId}`;
    const request = { requestId, runId, ...REPORT, actor: { type: 'user', id: 'ada' } };
    const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify({ name: 'submit', request })))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'desk' })
      .sign(await importJWK(JSON.parse(JSON.stringify(privateKey)), 'EdDSA'));
    await theirs.add('signed', { requestId, jws });
    const view = await ended(stack, runId);
    expect([view.status, view.submittedBy]).toEqual(['succeeded', { type: 'producer', id: 'desk', via: 'jws' }]);
    await expect(theirs.getJob('1')).resolves.toBeUndefined();
  } finally {
    await theirs.close();
  }
});

test('a worker that has only the queues announces itself, and is listed', async () => {
  const workerId = randomUUID();
  const announcement = { v: 1, workerId, kind: 'foreign', host: 'elsewhere', pid: 7, concurrency: 1 };
  await results.add('worker', announcement);
  await until(async () => JSON.stringify(await stack.api('/v1/workers')).includes(workerId), 'the worker to be listed');
});
