import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '@baton/service-kit';
import type { BenchResult } from './result.js';
import { benchSteps } from './steps.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Rounds of each figure; the median is reported. */
    rounds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '100' },
    'redis-url': { type: 'string' },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const dataDir = await mkdtemp(join(tmpdir(), 'baton-bench-pg-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), log: () => {} });
const results: BenchResult[] = [];
try {
  const common = { postgresUrl: postgres.url, rounds: Number(values.rounds), runs: Number(values.runs) };
  say('steps on Postgres queues …');
  results.push(...(await benchSteps({ ...common, redisUrl: null })));
  const redisUrl = values['redis-url'] ?? process.env.REDIS_URL ?? null;
  if (redisUrl === null) say('steps on Redis queues: left out, no REDIS_URL');
  else {
    say('steps on Redis queues …');
    results.push(...(await benchSteps({ ...common, redisUrl })));
  }
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

if (values.json) process.stdout.write(`${JSON.stringify({ results }, null, 2)}\n`);
else for (const line of table(results)) process.stdout.write(`${line}\n`);

function table(rows: readonly BenchResult[]): readonly string[] {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const number = (value: number): string => value.toFixed(value < 100 ? 2 : 0).padStart(9);
  return rows.map(
    ({ name, unit, median, min, max, runs }) =>
      `${name.padEnd(width)} ${number(median)} ${unit.padEnd(8)} (min ${number(min).trim()}, max ${number(max).trim()}, ${runs} rounds)`,
  );
}
