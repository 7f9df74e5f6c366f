import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, removeEmbeddedPostgres, startEmbeddedPostgres } from '@baton/service-kit';
import { copyPostgresTemplate } from '@baton/service-kit/testing';
import type { TestProject } from 'vitest/node';
import { answersPing, findProgram, startRedis, type TestRedis } from './redis.js';

/** One Postgres and, where there is one, one Redis for all integration tests of a run. */

async function startPostgres(folder: string): Promise<EmbeddedPostgres> {
  const lines: string[] = [];
  const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  try {
    return await startEmbeddedPostgres({ dataDir: folder, log: (line) => lines.push(line), settings });
  } catch (thrown) {
    process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    throw thrown;
  }
}

const given = (url: string): TestRedis => ({ url, stop: async () => {} });

async function findRedis(env: NodeJS.ProcessEnv): Promise<TestRedis | null> {
  if (env.REDIS_URL !== undefined && env.REDIS_URL !== '') {
    const { hostname, port } = new URL(env.REDIS_URL);
    if (await answersPing(hostname, Number(port || 6379))) return given(env.REDIS_URL);
    throw new Error(`No Redis answers at REDIS_URL (${hostname}:${port || 6379}). Start it, or unset REDIS_URL.`);
  }
  const program = findProgram(['redis-server', 'valkey-server'], env.PATH ?? '');
  if (program !== null) return startRedis(program);
  const absent = 'no REDIS_URL, and neither redis-server nor valkey-server on the PATH';
  if (env.BATON_TEST_REDIS === 'required') throw new Error(`BATON_TEST_REDIS=required, but there is ${absent}.`);
  process.stderr.write(`Tests that need Redis are skipped: ${absent}.\n`);
  return null;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-postgres-'));
  chmodSync(folder, 0o755); // Root's Postgres runs as somebody else.
  let postgres: EmbeddedPostgres | null = null;
  let redis: TestRedis | null = null;
  const teardown = async (): Promise<void> => {
    await Promise.all([postgres?.stop(), redis?.stop()]);
    removeEmbeddedPostgres(folder);
  };
  try {
    redis = await findRedis(process.env);
    copyPostgresTemplate(folder);
    postgres = await startPostgres(folder);
  } catch (thrown) {
    await teardown();
    throw thrown;
  }
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', redis?.url ?? null);
  return teardown;
}
