import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MessagingConfig } from '@baton/messaging';
import { z } from 'zod';
import { ROOT } from './stack.js';

const PROGRAM = join(ROOT, 'libs/test-stack/dist/noop-worker.js');

const Times = z.record(z.string(), z.array(z.number()));
/** Milliseconds from each result to the run's next task, in order, by run. */
export type Times = z.infer<typeof Times>;

/** The process of `noop-worker.ts`, as its starter sees it. */
export class NoopWorker {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** @param kind of the worker: a workflow asks for it as `baton:worker:<kind>` */
  static async start({ backend, url }: MessagingConfig, kind: string): Promise<NoopWorker> {
    const child = spawn(process.execPath, [PROGRAM, backend, url, kind], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
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
