import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@baton/service-kit';
import { RedisServer, redisProgram } from '@baton/test-stack';
import { BenchError, leaveNothing } from '../leave-nothing.js';
import { busyLine, conditionLines, conditionsNow } from './conditions.js';
import { type EngineServers, startEngine } from './engines.js';
import { installPeers } from './install.js';
import { type PeerOptions, peerOptions } from './options.js';
import { outcomeLines, type Reading, verdicts } from './outcome.js';
import { type EngineId, figureOf, POINTS, TITLES } from './points.js';

/** `npm run bench:peers`: Baton and the engines that people would take instead, in turn, on one machine. */

const WARM_UP_MS = 2_000;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

await leaveNothing(async () => {
  const options = peerOptions(process.argv.slice(2));
  if (options.engines.some(isPeer)) await installPeers(say);
  const postgres = await startEmbeddedPostgres({ dataDir: join(tmpdir(), 'postgres'), log: () => {} });
  const program = redisProgram();
  const redis = program === null ? null : await RedisServer.start(program);
  const conditions = await conditionsNow(postgres.url, redis);
  const busy = busyLine(conditions);
  if (busy !== null) say(busy);
  const { readings, failures } = await inTurn(options, {
    postgresUrl: postgres.url,
    redisUrl: redis?.url ?? null,
  });
  const lines = [...conditionLines(conditions), '', ...outcomeLines(readings, options.engines), ...failures];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (options.jsonFile !== undefined) {
    const all = { conditions, options, readings, verdicts: verdicts(readings), failures };
    await writeFile(options.jsonFile, `${JSON.stringify(all, null, 2)}\n`);
  }
  return failures.length === 0 ? 0 : 1;
});

function isPeer(id: EngineId): boolean {
  return id !== 'baton-redis' && id !== 'baton-postgres';
}

/** Each round begins with another engine, so that none is always the first or always after the same one. */
async function inTurn({ rounds, seconds, engines }: PeerOptions, servers: EngineServers) {
  const readings: Reading[] = [];
  const failures: string[] = [];
  const out = new Set<EngineId>();
  for (let round = 1; round <= rounds; round += 1) {
    const first = (round - 1) % engines.length;
    for (const id of [...engines.slice(first), ...engines.slice(0, first)].filter((each) => !out.has(each))) {
      say(`round ${round} of ${rounds}: ${TITLES[id]} …`);
      try {
        for await (const reading of readingsOf(id, seconds, servers)) readings.push({ round, ...reading });
      } catch (error) {
        if (!(error instanceof BenchError)) throw error;
        out.add(id);
        failures.push(`${TITLES[id]} was left out from round ${round} on: ${error.message}`);
        say('  it failed; why is said at the end');
      }
    }
  }
  return { readings, failures };
}

/** Started afresh, measured at each of its points, and stopped. */
async function* readingsOf(
  id: EngineId,
  seconds: number,
  servers: EngineServers,
): AsyncGenerator<Omit<Reading, 'round'>> {
  const engine = await startEngine(id, servers);
  try {
    for (const point of POINTS.filter(({ engines }) => engines.includes(id))) {
      const { inFlight, steps } = point;
      const plan = { inFlight, steps, warmUpMs: WARM_UP_MS, measureMs: seconds * 1000 };
      const value = figureOf(point, await engine.measure(plan));
      say(`  ${point.title}: ${value.toFixed(1)} ${point.unit}`);
      yield { point: point.id, engine: id, value };
    }
  } finally {
    await engine.stop();
  }
}
