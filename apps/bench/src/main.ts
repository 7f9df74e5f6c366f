import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAppend, createTestDatabase } from '@baton/event-store/testing';
import { startEmbeddedPostgres } from '@baton/service-kit';
import { RedisServer, ROOT, redisProgram } from '@baton/test-stack';
import { benchDecide, benchMapUnderBudget } from '@baton/workflow/testing';
import { queuesOf } from './bench-stack.js';
import { benchColdTurn } from './cold-turn.js';
import { runGrowth } from './growth/main.js';
import { benchStreams } from './idle-streams.js';
import { leaveNothing } from './leave-nothing.js';
import { benchLong } from './long.js';
import { runProfile } from './profile/main.js';
import { benchReplayLog } from './replay/main.js';
import { benchReplays } from './replay.js';
import { type BenchResult, table } from './result.js';
import { benchShards } from './shards/shards.js';
import { benchSteps } from './steps.js';
import { benchTokens } from './tokens.js';
import { benchDecision, benchWaiting } from './waiting.js';
import { benchWeb, partsNamed } from './web/web.js';
import { wholeNumber } from './whole-number.js';
import { benchWorkspaces } from './workspaces.js';

/** `npm run bench`: the project's figures, on servers of its own with their real durability settings. */

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const OPTIONS = {
  json: { type: 'boolean', default: false },
  /** Rounds of each figure of the whole system; the median is reported. */
  rounds: { type: 'string', default: '3' },
  /** Runs at once in the throughput figure. */
  runs: { type: 'string', default: '100' },
  /** Measures long lists and long lives, too: some minutes more. */
  long: { type: 'boolean', default: false },
  /** Instead of all else: so many tasks of a programmer with workspaces of 10 MB, and what they leave. 500 take half an hour. */
  workspaces: { type: 'string' },
  /** Instead of all else: how fast a log of so many events is replayed. A million take some minutes to write first. */
  replay: { type: 'string' },
  /** Instead of all else: what so many clients cost that follow the log live. */
  streams: { type: 'string' },
  /** Instead of all else: appends with one sequencer and with so many. */
  shards: { type: 'string' },
  /** With `--shards`: how long a figure is measured. */
  seconds: { type: 'string', default: '2' },
  /** With `--shards`: every commit takes so many milliseconds longer, as with a synchronous standby. */
  'commit-ms': { type: 'string' },
  /** Instead of all else: the dashboard in a browser. An hour of live updates with `--long`, else so many minutes. */
  web: { type: 'boolean', default: false },
  minutes: { type: 'string', default: '2' },
  /** With `--web`: so many seconds between what happens to each of the fifty runs; the page is told in the same way. */
  every: { type: 'string', default: '1' },
  /** With `--web`: of log, memory and list only what is named, once or more. */
  part: { type: 'string', multiple: true, default: [] as string[] },
  /** Instead of all else: what one run sends to a model. */
  tokens: { type: 'boolean', default: false },
  /** With `--tokens`: the checkout that is measured, built; this one where it is absent. */
  checkout: { type: 'string' },
} as const;

await leaveNothing(async () => {
  if (process.argv.includes('--growth')) await runGrowth(process.argv.slice(2), say);
  else if (process.argv.includes('--profile')) await runProfile(process.argv.slice(2), say);
  else await bench();
  return 0;
});

async function bench(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const report = (figures: readonly BenchResult[]): void => {
    if (values.json) process.stdout.write(`${JSON.stringify({ results: figures }, null, 2)}\n`);
    else for (const line of table(figures)) process.stdout.write(`${line}\n`);
  };
  if (values.workspaces !== undefined)
    return report(await benchWorkspaces({ tasks: wholeNumber('--workspaces', values.workspaces), say }));
  if (values.replay !== undefined) return report(await benchReplayLog(wholeNumber('--replay', values.replay), say));
  if (values.streams !== undefined)
    return report(await benchStreams({ streams: wholeNumber('--streams', values.streams), say }));
  if (values.shards !== undefined) {
    const commitMs = values['commit-ms'];
    const options = {
      shards: wholeNumber('--shards', values.shards),
      seconds: wholeNumber('--seconds', values.seconds),
      commitMs: commitMs === undefined ? null : wholeNumber('--commit-ms', commitMs),
    };
    return report(await benchShards(options, say));
  }
  if (values.web)
    return report(
      await benchWeb({
        parts: partsNamed(values.part),
        minutes: values.long ? 60 : wholeNumber('--minutes', values.minutes),
        everySeconds: wholeNumber('--every', values.every),
        say,
      }),
    );
  if (values.tokens) return report(await benchTokens({ checkout: values.checkout ?? ROOT, say }));
  report(
    await benchAll({
      rounds: wholeNumber('--rounds', values.rounds),
      runs: wholeNumber('--runs', values.runs),
      isLong: values.long,
    }),
  );
}

interface Extent {
  readonly rounds: number;
  readonly runs: number;
  readonly isLong: boolean;
}

async function benchAll({ rounds, runs, isLong }: Extent): Promise<readonly BenchResult[]> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(tmpdir(), 'postgres'), log: () => {} });
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
    say('cold and warm turns …');
    results.push(...(await benchColdTurn(database.url)));
    say('replay …');
    results.push(...(await benchReplays(database.url)));
    await database.drop();
    const load = { postgresUrl: postgres.url, rounds, runs };
    if (redis === null) say('queues on Redis: left out, no redis-server or valkey-server on the PATH');
    for (const redisUrl of redis === null ? [null] : [null, redis.url]) {
      say(`steps, ${queuesOf({ redisUrl })} …`);
      for (const isWorkerPlain of [false, true]) {
        results.push(...(await benchSteps({ ...load, redisUrl, isWorkerPlain })));
      }
      say(`beside runs that wait, ${queuesOf({ redisUrl })} …`);
      results.push(...(await benchWaiting({ ...load, redisUrl, waiting: 1_000 })));
    }
    if (isLong) results.push(...(await benchLong({ ...load, redisUrl: redis?.url ?? null }, say)));
  } finally {
    await redis?.stop();
    await postgres.stop();
  }
  return results;
}
