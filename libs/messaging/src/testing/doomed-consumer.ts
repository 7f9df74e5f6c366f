import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { MessagingConfig } from '../config.js';
import type { ConsumerTiming } from '../consumer-timing.js';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts a consumer in a process of its own, waits until it has a message, and kills it with SIGKILL. */
export async function killWithMessage(config: MessagingConfig, queue: string, timing: ConsumerTiming): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@baton/source',
      '--disable-warning=ExperimentalWarning',
      `--import=${file('./typescript-sources.mjs')}`,
      file('./consumer-process.ts'),
      JSON.stringify({ config, queue, timing }),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = await Promise.race([
      once(lines, 'line'),
      exited.then(() => Promise.reject(new Error('the consumer ended before it took a message'))),
    ]);
    return String(line);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}
