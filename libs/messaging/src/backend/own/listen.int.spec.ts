import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../config.js';
import { eventually } from '../../testing/recorder.js';
import { startProxy } from '../../testing/tcp-proxy.js';
import { backends } from '../../testing/test-servers.js';
import type { NewMessage } from '../backend.js';
import type { MessageStore } from './message-store.js';
import { Bells } from './postgres-bells.js';
import { postgresStore } from './postgres-store.js';
import { redisStore } from './redis-store.js';

const QUEUE = 'worker-listen';
const message = (jobId: string): NewMessage => ({ jobId, name: 'task', data: '{}', priority: 0, delayMs: 0 });

/** A store that is near to its server and listens to it from afar. */
function storeOn(near: string, far: string): MessageStore {
  if (near.startsWith('redis')) {
    const [commands, ears] = [new Redis(near), new Redis(far, { maxRetriesPerRequest: 1, retryStrategy: () => 50 })];
    for (const connection of [commands, ears]) {
      connection.on('error', () => {});
      onTestFinished(() => connection.disconnect());
    }
    return redisStore(commands, ears);
  }
  const pool = new pg.Pool({ connectionString: near, max: 1 });
  onTestFinished(() => pool.end());
  const bells = new Bells(() => new pg.Client({ connectionString: far }), silentLog);
  onTestFinished(() => bells.close());
  return postgresStore(pool, bells);
}

describe.each(backends.filter(({ name }) => name.includes('own door')))('a bell on $name', ({ isAvailable, open }) => {
  test.skipIf(!isAvailable)('is not kept where listening failed', async () => {
    const server = await open();
    onTestFinished(() => server.drop());
    const proxy = await startProxy(server.config.url);
    onTestFinished(() => proxy.close());
    const store = storeOn(server.config.url, proxy.url);

    await proxy.cut();
    const lost: string[] = [];
    await expect(store.listen(QUEUE, () => void lost.push('ring'))).rejects.toThrow();
    await proxy.restore();
    const heard: string[] = [];
    const stop = await eventually(() => store.listen(QUEUE, () => void heard.push('ring')));
    await store.put(QUEUE, [message('j-1')]);
    await eventually(() => expect(heard).not.toEqual([]));
    expect(lost).toEqual([]);

    stop();
    const before = heard.length;
    await store.put(QUEUE, [message('j-2')]);
    await store.counts(QUEUE);
    expect(heard).toHaveLength(before);
  });
});

test('a connection that listens and on which nobody answers any more is opened anew, and what is listened to meanwhile is heard', async () => {
  const [postgres] = backends.filter(({ name }) => name === 'postgres, own door');
  const server = await postgres?.open();
  if (server === undefined) throw new Error('unreachable: there is always a Postgres');
  onTestFinished(() => server.drop());
  const proxy = await startProxy(server.config.url);
  onTestFinished(() => proxy.close());
  const pool = new pg.Pool({ connectionString: server.config.url, max: 1 });
  onTestFinished(() => pool.end());
  const newClient = () => new pg.Client({ connectionString: proxy.url, query_timeout: 500 });
  const bells = new Bells(newClient, silentLog, 100);
  onTestFinished(() => bells.close());
  const store = postgresStore(pool, bells);
  const heard: string[] = [];
  await store.listen(QUEUE, () => void heard.push('before'));
  proxy.deafen();
  await eventually(() => store.listen('worker-other', () => void heard.push('other')));
  await store.put(QUEUE, [message('j-1')]);
  await store.put('worker-other', [message('j-2')]);
  await eventually(() => expect(heard).toEqual(expect.arrayContaining(['before', 'other'])));
});
