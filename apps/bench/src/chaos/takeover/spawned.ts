import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { programOf } from '@baton/service-kit';
import { ROOT, type Stack, until } from '@baton/test-stack';
import { z } from 'zod';

const HELD_WORKER = join(ROOT, 'apps/bench/dist/chaos/takeover/held-worker.js');
const BOOT_MS = 180_000;

const Said = z.object({ begun: z.string().optional() });

/** A process beside those of `baton up`, which nobody starts again: to be killed or frozen. */
export class Spawned {
  /** When it said that it begins a task, by run. */
  readonly begunAtMs = new Map<string, number[]>();

  readonly exited: Promise<void>;
  #isReady = false;

  constructor(private readonly child: ChildProcess) {
    this.exited = new Promise((resolve) => void child.once('exit', () => resolve()));
    child.once('message', () => {
      this.#isReady = true;
    });
  }

  /** It has said so. */
  get isReady(): boolean {
    return this.#isReady;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  finish(): void {
    if (this.child.connected) this.child.send('finish');
  }

  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

export async function spawnWorker(stack: Stack, kind: string): Promise<Spawned> {
  const env = { ...stack.env, ...(await stack.joinEnv()), BATON_LOG: 'error' };
  const child = fork(HELD_WORKER, [kind], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const spawned = new Spawned(child);
  child.on('message', (message) => {
    const { begun } = Said.parse(message);
    if (begun !== undefined) spawned.begunAtMs.set(begun, [...(spawned.begunAtMs.get(begun) ?? []), performance.now()]);
  });
  await until(() => spawned.isReady, `the worker ${kind} to be ready`, BOOT_MS);
  return spawned;
}

/** Another service on this machine, started as docs/operating.md says. Does not wait until it is at work. */
export async function spawnService(
  stack: Stack,
  name: 'orchestrator' | 'prompt',
  env: Readonly<Record<string, string>> = {},
): Promise<Spawned> {
  const whole = { ...stack.env, ...(await stack.serviceEnv(name)), BATON_LOG: 'warn', ...env };
  const child = fork(programOf(ROOT, name), [], { env: whole, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  for (const stream of [child.stdout, child.stderr]) stream?.resume();
  return new Spawned(child);
}

export async function spawnOrchestrator(stack: Stack): Promise<Spawned> {
  const spawned = await spawnService(stack, 'orchestrator');
  await until(() => spawned.isReady, 'another orchestrator to be ready', BOOT_MS);
  return spawned;
}
