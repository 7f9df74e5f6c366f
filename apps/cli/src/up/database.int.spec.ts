import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@baton/service-kit';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EmbeddedDatabase } from './database.js';
import { holdPort, until } from './testing/tiny-services.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'baton-database-'));
});
afterEach(() => removeEmbeddedPostgres(dir));

async function answer(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

test('a Postgres that is killed with -9 comes back on its port with its data', async () => {
  const pids: number[] = [];
  const news: string[] = [];
  const database = await EmbeddedDatabase.start({
    start: async (options) => {
      const server = await startEmbeddedPostgres(options);
      pids.push(server.pid);
      return server;
    },
    dataDir: dir,
    onNews: (line) => news.push(line),
    onGiveUp: (error) => news.push(error.message),
  });
  try {
    await answer(database.url, 'create table kept (x int)');
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await until(() => database.outages === 1, 'the outage');
    await database.available();
    expect(await answer(database.url, 'select count(*)::int from kept')).toBe(0);
    expect(await answer(database.localUrl, 'select inet_client_addr()')).toBeNull();
    expect(pids).toHaveLength(2);
    expect(news).toEqual(['the embedded database has ended; it starts again', 'the embedded database is back']);
  } finally {
    await database.stop();
  }
  await expect(answer(database.url, 'select 1')).rejects.toThrow();
});

test('a Postgres that comes back without the socket that services were told is started again', async () => {
  const ends: (() => void)[] = [];
  const stopped: number[] = [];
  const news: string[] = [];
  const database = await EmbeddedDatabase.start({
    start: async () => {
      const pid = ends.length;
      const { promise: exited, resolve } = Promise.withResolvers<{ code: number; signal: null }>();
      ends.push(() => resolve({ code: 1, signal: null }));
      const localUrl = pid === 1 ? 'postgres://x' : 'postgres://x?host=%2Fa';
      return { url: 'postgres://x', localUrl, port: 1, pid, stop: async () => void stopped.push(pid), exited };
    },
    dataDir: dir,
    onNews: (line) => news.push(line),
    onGiveUp: (error) => news.push(error.message),
  });
  ends[0]?.();
  await until(() => database.outages === 1, 'the outage');
  await database.available();
  expect(news.at(-1)).toBe('the embedded database is back');
  expect(stopped).toEqual([1]);
  await database.stop();
  expect(stopped).toEqual([1, 2]);
});

test('a Postgres whose port was taken meanwhile is given up in the end', async () => {
  const held = await holdPort();
  const { promise: exited, resolve: end } = Promise.withResolvers<{ code: number; signal: null }>();
  let starts = 0;
  const { promise: gaveUp, resolve } = Promise.withResolvers<Error>();
  await EmbeddedDatabase.start({
    start: async (options) => {
      starts += 1;
      // The first life is only there to end: what follows is the real thing.
      if (starts > 1) return startEmbeddedPostgres(options);
      return { url: 'postgres://x', localUrl: 'postgres://x', port: held.port, pid: 0, stop: async () => {}, exited };
    },
    dataDir: dir,
    onNews: () => {},
    onGiveUp: resolve,
  });
  end({ code: 1, signal: null });
  const error = await gaveUp;
  held.release();
  expect(error).toMatchObject({ code: 'port-in-use' });
  expect(starts).toBe(6);
});
