import { existsSync } from 'node:fs';
import { keepProcess } from './leaks.js';
import { Stack } from './stack.js';

/* One stack for all files of a worker that want no other; it costs an eighth of a processor also while nobody uses it. */

let running: Promise<Stack> | null = null;

/** The stack of this process: a whole Baton, with queues on Postgres and the offline model, started where there is none. */
export function sharedStack(): Promise<Stack> {
  running ??= start();
  return running;
}

/** Stops it, if there is one, and decides every run in it again (`Stack.stop`). Whoever asks for it then gets another. */
export async function stopSharedStack(): Promise<void> {
  const stopping = running;
  running = null;
  await (await stopping?.catch(() => null))?.stop();
}

async function start(): Promise<Stack> {
  // Without a sandbox the code of repositories and of people would not be run with the tests.
  const env: Record<string, string> = existsSync('/usr/bin/bwrap') ? {} : { BATON_SANDBOX: 'none' };
  const stack = await Stack.start({ env });
  stack.unref();
  keepProcess(stack.supervisor.pid ?? 0);
  return stack;
}
