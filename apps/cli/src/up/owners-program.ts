import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import { BatonError } from '@baton/contracts';
import { embeddedOwnersPassword, programOf } from '@baton/service-kit';
import type { Context } from '../context.js';
import { readEnvFile, withoutOwnDatabase } from '../env-file.js';
import { ROOT } from '../environment.js';
import { UsageError } from '../exit-codes.js';
import { homePaths } from './home.js';
import { describeExit, keepTail, lastWordsOf } from './last-words.js';

/**
 * Has the orchestrator's program do what takes the rights of the owner of the database: make, list or take away a producer, since
 * the gateway can make no logins; say how much may be under way at once, since no service may say that of itself; accept that the
 * log lost its end.
 *
 * @returns what the program printed, as JSON
 */
export async function runOwnersProgram(
  context: Context,
  what: 'producer' | 'limits' | 'accept-loss',
  args: readonly string[] = [],
): Promise<unknown> {
  const env = await withoutOwnDatabase(context.env);
  const written = await readEnvFile(env.home);
  const databaseUrl = env.DATABASE_URL ?? embeddedOwner(env.home, written.DATABASE_URL);
  const redisUrl = env.REDIS_URL ?? written.REDIS_URL;
  const child = spawn(process.execPath, [programOf(ROOT, 'orchestrator'), what, ...args], {
    env: {
      ...env.all,
      DATABASE_URL: databaseUrl,
      ...(env.DATABASE_URL === undefined ? { BATON_DATABASE_DIRECT_URL: '' } : {}),
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      BATON_PRODUCER_BY: userInfo().username,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: context.interrupted,
    killSignal: 'SIGTERM',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = keepTail(stderr, text);
  });
  const exit = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  if (exit.code === 0) return JSON.parse(stdout);
  throw new BatonError(lastWordsOf(stderr) ?? `The program ${describeExit(exit)}.`, { code: `${what}-refused` });
}

/** The embedded database tells its owner's password to this user alone. */
function embeddedOwner(home: string, joined: string | undefined): string {
  const password = embeddedOwnersPassword(homePaths(home).postgres);
  if (joined === undefined || password === null) {
    throw new UsageError(
      'There is no database to do that in: DATABASE_URL is not set, and none runs in this home.',
      'Start the stack with `baton up`, or set DATABASE_URL to the database of Baton, as its owner.',
    );
  }
  const url = new URL(joined);
  url.username = 'postgres';
  url.password = encodeURIComponent(password);
  return url.href;
}
