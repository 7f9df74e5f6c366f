import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MessagingConfig } from '@baton/messaging';
import { z } from 'zod';
import { ROOT } from './stack.js';

const PLAIN = join(ROOT, 'libs/test-stack/dist/noop-worker.js');

const Times = z.record(z.string(), z.array(z.number()));
/** Milliseconds from each result to the run's next task, in order, by run. */
export type Times = z.infer<typeof Times>;

/** The process of `noop-worker.ts`, or of another program that measures as it does, as its starter sees it. */
export class NoopWorker {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /**
   * A worker that announces nothing, so that each of its tasks comes as a job of BullMQ, as to one of another language.
   *
   * @param kind of the worker: a workflow asks for it as `baton:worker:<kind>`
   */
  static async start({ backend, url }: MessagingConfig, kind: string): Promise<NoopWorker> {
    return NoopWorker.run([PLAIN, backend, url, kind], process.env);
  }

  /** @param command a program that says `ready` in a line of its own, and its arguments */
  static async run(command: readonly string[], env: Readonly<NodeJS.ProcessEnv>): Promise<NoopWorker> {
    const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    return new NoopWorker(child, lines);
  }

  /** What it measured so far was a warm-up. */
  forget(): void {
    this.child.kill('SIGUSR2');
  }

  /** Stops it, and gives what it measured; nothing where it has ended already. */
  async stop(): Promise<Times> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return {};
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const line = await this.lines.next();
    await exited;
    return Times.parse(JSON.parse(String(line.value)));
  }
}
