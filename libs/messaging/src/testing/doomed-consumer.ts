import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MessagingConfig } from '../config.js';
import type { ConsumerTiming } from '../consumer-timing.js';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Starts a consumer in a process of its own, waits until it has a message, and kills it with SIGKILL.
 * @param n of the message that it is to be killed with; it does all others. Absent: whatever comes first.
 * @returns what it said, line by line
 */
export async function killWithMessage(
  config: MessagingConfig,
  queue: string,
  timing: ConsumerTiming,
  n?: number,
): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@baton/source',
      '--disable-warning=ExperimentalWarning',
      `--import=${file('../../../../scripts/testing/run-source.mjs')}`,
      file('./consumer-process.ts'),
      JSON.stringify({ config, queue, timing, n }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    return await Promise.race([
      untilTaken(lines),
      exited.then(() => Promise.reject(new Error('the consumer ended before it took a message'))),
    ]);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

async function untilTaken(lines: Interface): Promise<string> {
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (line.startsWith('took')) break;
  }
  return said.join('\n');
}
