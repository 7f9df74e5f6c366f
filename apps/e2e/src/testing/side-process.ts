import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, programOf } from '@baton/service-kit';
import { type Stack, until } from '@baton/test-stack';

/** A process beside those that a stack has started, of this version or of another one. */
export class SideProcess {
  #said = '';

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
  }

  static async start(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    { isReady, cwd }: { readonly isReady: string; readonly cwd?: string },
  ): Promise<SideProcess> {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const side = new SideProcess(
      spawn(process.execPath, args, { env, stdio: [...stdio], ...(cwd === undefined ? {} : { cwd }) }),
    );
    await until(
      () => {
        if (side.isOver) throw new Error(`it ended early:\n${side.said}`);
        return side.said.includes(isReady);
      },
      `${args[0]} to say ${isReady}`,
      60_000,
    );
    return side;
  }

  /** Everything that it wrote to its standard output. */
  get said(): string {
    return this.#said;
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Tells it to stop, and waits until it has; its exit code. */
  async stop(): Promise<number | null> {
    if (this.isOver) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
    return this.child.exitCode;
  }
}

/** An orchestrator of the checkout at `root`, beside that of a stack. */
export const startOrchestrator = async (stack: Stack, root: string): Promise<SideProcess> =>
  SideProcess.start(
    [programOf(root, 'orchestrator')],
    { ...stack.env, ...(await stack.serviceEnv('orchestrator')) },
    { isReady: '"ready"', cwd: root },
  );

/** A gateway of the checkout at `root`, beside that of a stack, and at its port from now on whatever asks the stack. */
export async function startGateway(stack: Stack, root: string): Promise<SideProcess> {
  const { BATON_URL: url = '', BATON_TOKEN: token = '' } = (await stack.joinEnv()) ?? {};
  const port = String(await freePort());
  const gateway = await SideProcess.start(
    [programOf(root, 'gateway')],
    { ...stack.env, ...(await stack.serviceEnv('gateway')), BATON_TOKEN: token, BATON_PORT: port },
    { isReady: '"ready"', cwd: root },
  );
  const file = join(stack.home, 'env');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll(url, `http://127.0.0.1:${port}`));
  return gateway;
}

/** A worker of a kind of the test's own, of the checkout at `root`, whose tasks take so long. */
export const startStepWorker = async (stack: Stack, root: string, kind: string, taskMs: number): Promise<SideProcess> =>
  SideProcess.start(
    [join(import.meta.dirname, 'step-worker.mjs'), root, kind, String(taskMs)],
    { ...stack.env, ...(await stack.joinEnv()) },
    { isReady: 'ready\n' },
  );
