import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '@baton/service-kit';
import { RedisServer } from '@baton/test-stack';
import { BenchError } from '../leave-nothing.js';
import { redisFor } from '../redis-for.js';
import { table } from '../result.js';
import { wholeNumber } from '../whole-number.js';
import { benchGrowth, GROWTH_PARTS, type GrowthOptions, type GrowthPart } from './growth.js';

/** `npm run bench -- --growth`: what a step costs as more and more is there beside it. */
export async function runGrowth(args: readonly string[], say: (text: string) => void): Promise<void> {
  const { backend, jsonFile, ...sizes } = growthOptions(args);
  const program = redisFor(backend);
  const postgres = await startEmbeddedPostgres({ dataDir: join(tmpdir(), 'postgres'), log: () => {} });
  const redis = program === null ? null : await RedisServer.start(program);
  try {
    const results = await benchGrowth({
      ...sizes,
      postgresUrl: postgres.url,
      postgresPid: postgres.pid,
      redisUrl: redis?.url ?? null,
      say,
    });
    process.stdout.write(`${table(results).join('\n')}\n`);
    if (jsonFile !== undefined) await writeFile(jsonFile, `${JSON.stringify({ results }, null, 2)}\n`);
  } finally {
    await redis?.stop();
    await postgres.stop();
  }
}

export interface GrowthArguments extends Omit<GrowthOptions, 'postgresUrl' | 'postgresPid' | 'redisUrl' | 'say'> {
  readonly backend: 'redis' | 'postgres';
  readonly jsonFile: string | undefined;
}

/** Throws BenchError, which says what was expected. */
export function growthOptions(args: readonly string[]): GrowthArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      growth: { type: 'boolean' },
      backend: { type: 'string', default: 'redis' },
      /** How many runs have ended at each reading. A million are 5 GB, and some minutes. */
      ended: { type: 'string', default: '10,10000,1000000' },
      waiting: { type: 'string', default: '100000' },
      /** Of one kind, beside the one that works. */
      workers: { type: 'string', default: '1000' },
      orchestrators: { type: 'string', default: '1,2,4' },
      /** Runs at once for those. */
      busy: { type: 'string', default: '256' },
      /** Some of ended, waiting and orchestrators. */
      only: { type: 'string', default: GROWTH_PARTS.join(',') },
      /** Of each reading, its seconds, the runs at once and the tasks of each. */
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '5' },
      runs: { type: 'string', default: '32' },
      steps: { type: 'string', default: '5' },
      /** A file for programs; the table goes to the standard output all the same. */
      json: { type: 'string' },
    },
  });
  const { backend } = values;
  if (backend !== 'redis' && backend !== 'postgres') {
    throw new BenchError(`--backend ${backend} is unknown. Give redis or postgres.`);
  }
  return {
    backend,
    ended: rising('--ended', values.ended),
    waiting: wholeNumber('--waiting', values.waiting),
    workers: wholeNumber('--workers', values.workers),
    orchestrators: rising('--orchestrators', values.orchestrators),
    busyRuns: wholeNumber('--busy', values.busy),
    parts: values.only.split(',').map(partOf),
    rounds: wholeNumber('--rounds', values.rounds),
    seconds: wholeNumber('--seconds', values.seconds),
    inFlight: wholeNumber('--runs', values.runs),
    stepsPerRun: wholeNumber('--steps', values.steps),
    jsonFile: values.json,
  };
}

function partOf(text: string): GrowthPart {
  const part = GROWTH_PARTS.find((each) => each === text.trim());
  if (part !== undefined) return part;
  throw new BenchError(`--only ${text} is unknown. Give some of ${GROWTH_PARTS.join(', ')}, with commas between them.`);
}

/** Each is reached from the one before it. */
function rising(option: string, text: string): readonly number[] {
  const numbers = text.split(',').map((part) => wholeNumber(option, part.trim()));
  if (numbers.every((n, index) => n > (numbers[index - 1] ?? 0))) return numbers;
  throw new BenchError(`${option} ${text}: give numbers that rise, with commas between them.`);
}
