import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '@baton/test-stack';
import { z } from 'zod';
import type { LoopOutcome, LoopPlan } from '../closed-loop.js';
import { BenchError } from '../leave-nothing.js';

export const PEERS_FOLDER = join(ROOT, 'bench/peers');
const LOOP = new URL('../closed-loop.js', import.meta.url).href;

interface Plan extends LoopPlan {
  readonly steps: number;
}

/** Something that does runs of steps, ready to be measured. */
export interface Engine {
  readonly measure: (plan: Plan) => Promise<LoopOutcome>;
  readonly stop: () => Promise<void>;
}

const Outcome = z.object({ runs: z.int(), seconds: z.number(), latenciesMs: z.array(z.number()) });
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
const TAIL_CHARACTERS = 2_000;

/** A program of a peer, of which the last that it said is kept for the case that it fails. */
export class PeerProgram {
  readonly lines: AsyncIterator<string>;
  readonly #child: ChildProcess;
  #tail = '';

  private constructor(
    readonly name: string,
    child: ChildProcess,
    lines: AsyncIterator<string>,
    /** Whether it ends, in order, with its input. */
    private readonly readsInput: boolean,
  ) {
    this.#child = child;
    this.lines = lines;
    const keep = (chunk: unknown): void => {
      this.#tail = (this.#tail + String(chunk)).slice(-TAIL_CHARACTERS);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', (error) => keep(error.message));
  }

  /** A program of `bench/peers`, which ends with its input. */
  static startNode(
    name: string,
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): PeerProgram {
    return PeerProgram.#start(name, [process.execPath, join(PEERS_FOLDER, file), ...args], env, true);
  }

  /** A server, which is ended by a signal. */
  static startServer(name: string, command: readonly string[], env: NodeJS.ProcessEnv): PeerProgram {
    return PeerProgram.#start(name, command, env, false);
  }

  static #start(
    name: string,
    [program = '', ...args]: readonly string[],
    env: NodeJS.ProcessEnv,
    readsInput: boolean,
  ): PeerProgram {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stdin.on('error', () => {
      // It has ended; whoever waits for its next line hears of it.
    });
    return new PeerProgram(name, child, lines, readsInput);
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  /** The next line that is JSON. Throws BenchError where the program ends first, or says none in time. */
  async next(withinMs: number): Promise<unknown> {
    const late = AbortSignal.timeout(withinMs);
    const tooLate = once(late, 'abort').then(() => ({ done: true as const, value: undefined }));
    for (;;) {
      const { done, value } = await Promise.race([this.lines.next(), tooLate]);
      if (done === true) throw this.failure(late.aborted ? `said nothing for ${withinMs / 1000} s` : 'ended by itself');
      try {
        return JSON.parse(value);
      } catch {
        // A word for people.
      }
    }
  }

  tell(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  failure(what: string): BenchError {
    return new BenchError(`${this.name} ${what}.${this.#tail === '' ? '' : ` It last said:\n${this.#tail.trim()}`}`);
  }

  async stop(): Promise<void> {
    if (this.isOver) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin?.end();
    if (!this.readsInput) this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exited;
    clearTimeout(late);
  }
}

/** A program of `bench/peers` that measures an engine. */
export async function startDriver(name: string, file: string, place: string): Promise<Engine> {
  const program = PeerProgram.startNode(name, file, [LOOP, place]);
  try {
    await program.next(START_WITHIN_MS);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return {
    async measure(plan) {
      program.tell(plan);
      return Outcome.parse(await program.next(plan.warmUpMs + plan.measureMs + START_WITHIN_MS));
    },
    stop: () => program.stop(),
  };
}
