import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAppend, createTestDatabase } from '@baton/event-store/testing';
import { startEmbeddedPostgres } from '@baton/service-kit';
import { RedisServer, ROOT, redisProgram } from '@baton/test-stack';
import { benchDecide, benchMapUnderBudget } from '@baton/workflow/testing';
import { queuesOf } from './bench-stack.js';
import { benchLong } from './long.js';
import { type BenchResult, table } from './result.js';
import { benchSteps } from './steps.js';
import { benchTokens } from './tokens.js';
import { benchDecision, benchWaiting } from './waiting.js';
import { benchWorkspaces } from './workspaces.js';

/** `npm run bench`: the project's figures, on servers of its own with their real durability settings. */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Rounds of each figure of the whole system; the median is reported. */
    rounds: { type: 'string', default: '3' },
    /** Runs at once in the throughput figure. */
    runs: { type: 'string', default: '100' },
    /** Measures long lists and long lives, too: some minutes more. */
    long: { type: 'boolean', default: false },
    /** Instead of all else: so many tasks of a programmer with workspaces of 10 MB, and what they leave. 500 take half an hour. */
    workspaces: { type: 'string' },
    /** Instead of all else: what one run sends to a model. */
    tokens: { type: 'boolean', default: false },
    /** With `--tokens`: the checkout that is measured, built; this one where it is absent. */
    checkout: { type: 'string' },
  },
});

const say = (text: string): void => void process.stderr.write(`${text}\n`);
if (values.workspaces !== undefined) {
  report(await benchWorkspaces({ tasks: Number(values.workspaces), say }));
  process.exit(0);
}
if (values.tokens) {
  report(await benchTokens({ checkout: values.checkout ?? ROOT, say }));
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => {} });
const program = redisProgram();
const redis = program === null ? null : await RedisServer.start(program);
const results: BenchResult[] = [];
try {
  say('decide and evolve …');
  results.push(...(await benchDecide(() => performance.now())), ...(await benchDecision()));
  results.push(...(await benchMapUnderBudget(() => performance.now(), 400)));
  say('append …');
  const database = await createTestDatabase(postgres.url);
  results.push(...(await benchAppend(database.url)));
  await database.drop();
  const load = { postgresUrl: postgres.url, rounds: Number(values.rounds), runs: Number(values.runs) };
  if (redis === null) say('queues on Redis: left out, no redis-server or valkey-server on the PATH');
  for (const redisUrl of redis === null ? [null] : [null, redis.url]) {
    say(`steps, ${queuesOf({ redisUrl })} …`);
    results.push(...(await benchSteps({ ...load, redisUrl })));
    say(`beside runs that wait, ${queuesOf({ redisUrl })} …`);
    results.push(...(await benchWaiting({ ...load, redisUrl, waiting: 1_000 })));
  }
  if (values.long) results.push(...(await benchLong({ ...load, redisUrl: redis?.url ?? null }, say)));
} finally {
  await redis?.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

report(results);

function report(figures: readonly BenchResult[]): void {
  if (values.json) process.stdout.write(`${JSON.stringify({ results: figures }, null, 2)}\n`);
  else for (const line of table(figures)) process.stdout.write(`${line}\n`);
}
