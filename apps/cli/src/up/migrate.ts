import { spawn } from 'node:child_process';
import { BatonError } from '@baton/contracts';
import { programOf } from '@baton/service-kit';
import { describeExit, keepTail, lastWordsOf } from './last-words.js';

export interface MigrationOptions {
  readonly root: string;
  /** `logins` makes the logins and nothing else. */
  readonly what?: 'migrate' | 'logins';
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  onOutput(line: string): void;
}

/** With this code the program says that all is prepared but the logins. */
const EXIT_NO_LOGINS = 77;

/**
 * Brings database and queues to the version of the program, and gives the logins their passwords and rights. Throws
 * BatonError `not-prepared` with what the program said: the database is down or newer, the Redis may evict.
 *
 * @returns why there are no logins: the user of the database may not make them
 */
export async function migrate({
  root,
  what = 'migrate',
  env,
  signal,
  onOutput,
}: MigrationOptions): Promise<string | null> {
  const program = programOf(root, 'orchestrator');
  const child = spawn(process.execPath, [program, what], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    signal,
    killSignal: 'SIGTERM',
  });
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => onOutput(text.trimEnd()));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = keepTail(stderr, text);
    onOutput(text.trimEnd());
  });
  const exit = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, exitSignal) => resolve({ code, signal: exitSignal }));
  });
  if (exit.code === 0) return null;
  const words = lastWordsOf(stderr) ?? `The preparation of the database ${describeExit(exit)}.`;
  if (exit.code === EXIT_NO_LOGINS) return words;
  throw new BatonError(words, { code: 'not-prepared' });
}
