import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { BatonError } from '@baton/contracts';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createWorker } from './create-worker.js';
import { WorkerFixture } from './testing/worker-fixture.js';

/* A server that resets a connection while a worker opens what it needs. */

const KIND = 'opener';

let onPostgres: WorkerFixture;
let onRedis: WorkerFixture | null = null;
beforeAll(async () => {
  onPostgres = await WorkerFixture.open(inject('postgresUrl'), KIND);
  const redisUrl = inject('redisUrl');
  onRedis = redisUrl === null ? null : await WorkerFixture.open(inject('postgresUrl'), KIND, redisUrl);
});
afterAll(async () => {
  await onPostgres?.close();
  await onRedis?.close();
});

/** In front of a server: it resets each connection after the first few, when so many parts were said on it; 0: at once. */
async function resetting(url: string, { after = 0, parts }: { after?: number; parts: number }): Promise<string> {
  const target = new URL(url);
  let taken = 0;
  const server = createServer((client) => {
    client.on('error', () => {});
    taken += 1;
    const isReset = taken > after;
    if (isReset && parts === 0) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    upstream.on('error', () => {});
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.pipe(client);
    let said = 0;
    client.on('data', (part) => {
      said += 1;
      if (isReset && said >= parts) client.resetAndDestroy();
      else upstream.write(part);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
  });
  target.hostname = '127.0.0.1';
  target.port = String((server.address() as AddressInfo).port);
  return target.href;
}

/** What a worker says that is started then; null where it began all the same. */
async function said(env: Readonly<Record<string, string>>): Promise<unknown> {
  return createWorker({
    ...{ kind: KIND, input: z.object({}), output: z.object({}), handle: () => ({}) },
    env: { ...env, BATON_CONCURRENCY: '1', BATON_LOG: 'silent' },
  }).then(
    async (worker) => {
      await worker.stop(0);
      return null;
    },
    (thrown: unknown) => thrown,
  );
}

/** A queue server is waited for, so of these there are few. */
const WAYS = {
  Postgres: [0, 1, 2].flatMap((after) => [0, 1, 3].map((parts) => ({ after, parts }))),
  Redis: [0, 1, 5].map((parts) => ({ after: parts % 2, parts })),
} as const;

test.each(['Postgres', 'Redis'] as const)(
  'says in a sentence that %s cannot be reached where that resets its connections, or begins all the same',
  async (server) => {
    const fixture = server === 'Postgres' ? onPostgres : onRedis;
    if (fixture === null) return;
    const { DATABASE_URL, REDIS_URL } = fixture.env;
    const open = async (way: (typeof WAYS)['Postgres'][number]) => {
      const env =
        REDIS_URL === undefined
          ? { DATABASE_URL: await resetting(DATABASE_URL, way) }
          : { DATABASE_URL, REDIS_URL: await resetting(REDIS_URL, way) };
      const thrown = await said(env);
      return { ...way, isClear: thrown === null || thrown instanceof BatonError ? true : String(thrown) };
    };
    const asked = await Promise.all(WAYS[server].map(open));
    expect(asked).toEqual(WAYS[server].map((way) => ({ ...way, isClear: true })));
  },
  120_000,
);
