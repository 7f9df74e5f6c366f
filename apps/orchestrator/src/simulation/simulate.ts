import { randomFrom } from '@baton/asl';
import { type CommandId, commandIdOf, type RunId } from '@baton/contracts';
import { createLogger } from '@baton/service-kit';
import { runHub, runWorker, type Surroundings } from './processes.js';
import { type Gate, type Mutation, Postgres, Queues } from './world.js';

/*
 * The protocol under a seed: two hubs, two workers. The hub's own parts run (batcher, dispatcher, sweep, rebuild, decide); the
 * database, the queues, the workers and time are the world. Each operation on the world waits until the scheduler picks
 * it, so one seed is one interleaving. While there is chaos, the scheduler also kills processes between any two
 * operations, wipes the queues, loses their newest jobs, delivers jobs again, and makes operations fail, also after they
 * had their effect. Then it is calm, and everything must end.
 */

const RUNS = 4;
const CHAOS_STEPS = 700;
const MAX_STEPS = 12_000;

export interface SimulationResult {
  readonly ok: boolean;
  readonly problem: string | null;
  readonly steps: number;
}

export async function simulate(seed: number, mutation: Mutation = {}): Promise<SimulationResult> {
  const world = new World(seed, mutation);
  return world.run();
}

class World {
  readonly #random: () => number;
  readonly #runs: readonly RunId[];
  readonly #postgres: Postgres;
  readonly #queues = new Queues();
  /** Operations that wait for their turn, each with the process it belongs to. */
  #waiting: { readonly process: string; readonly life: number; readonly go: () => void }[] = [];
  readonly #lives = new Map<string, number>();
  readonly #downUntil = new Map<string, number>();
  readonly #executed: CommandId[] = [];
  readonly #surroundings: Surroundings;
  #lost: string | null = null;
  #step = 0;

  constructor(seed: number, mutation: Mutation) {
    this.#random = randomFrom(`seed ${seed}`);
    this.#runs = Array.from({ length: RUNS }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);
    const isAway = () => this.#isChaos && this.#random() < 0.02;
    this.#postgres = new Postgres(mutation, () => this.#nowMs(), isAway);
    this.#surroundings = {
      postgres: this.#postgres,
      queues: this.#queues,
      mutation,
      runs: this.#runs,
      nowMs: () => this.#nowMs(),
      random: this.#random,
      pick: (list) => this.#pick(list),
      onExecuted: (commandId) => this.#executed.push(commandId),
      onIgnored: (commandId) => {
        if (this.#postgres.commands.has(commandId)) this.#lost ??= `the result of ${commandId} was dropped`;
      },
      onGivenUp: (commandId) => {
        this.#lost ??= `${commandId} was given up although its workers answer`;
      },
      isAway,
      log: createLogger({ name: 'simulation', level: 'silent' }),
    };
  }

  /** Simulated time: a step is 10 ms. */
  #nowMs(): number {
    return 1_700_000_000_000 + this.#step * 10;
  }

  get #isChaos(): boolean {
    return this.#step < CHAOS_STEPS;
  }

  async run(): Promise<SimulationResult> {
    const bodies: Record<string, (gate: Gate) => Promise<void>> = {
      h0: (gate) => runHub(this.#surroundings, gate, 0),
      h1: (gate) => runHub(this.#surroundings, gate, 1),
      w1: (gate) => runWorker(this.#surroundings, gate),
      w2: (gate) => runWorker(this.#surroundings, gate),
    };
    for (; this.#step < MAX_STEPS; this.#step += 1) {
      for (const [name, body] of Object.entries(bodies)) this.#reviveIfDead(name, body);
      await settled();
      this.#injectFaults();
      this.#releaseOne();
      await settled();
      const problem = this.#violation();
      if (problem !== null) return { ok: false, problem, steps: this.#step };
      if (!this.#isChaos && this.#isDone()) return { ok: true, problem: null, steps: this.#step };
    }
    const open = [...this.#postgres.commands.keys()].join(', ');
    return { ok: false, problem: `not finished; outstanding: ${open || 'nothing'}`, steps: this.#step };
  }

  #reviveIfDead(name: string, body: (gate: Gate) => Promise<void>): void {
    if (this.#lives.has(name) || (this.#downUntil.get(name) ?? 0) > this.#step) return;
    const life = this.#step;
    this.#lives.set(name, life);
    const gate: Gate = () =>
      new Promise((go) => {
        this.#waiting.push({ process: name, life, go });
      });
    body(gate).catch((error: unknown) => {
      throw error;
    });
  }

  /** A dead process's operations are never released: to everything else it just stopped, wherever it was. */
  #kill(name: string): void {
    this.#lives.delete(name);
    this.#waiting = this.#waiting.filter(({ process }) => process !== name);
    this.#downUntil.set(name, this.#step + Math.floor(this.#random() * 40));
  }

  #injectFaults(): void {
    const active = [...this.#queues.jobs.values()].filter(({ state }) => state === 'active');
    // A job whose holder died is delivered again; one whose holder lives may be, too (its lock ran out).
    for (const job of active) if (this.#random() < (this.#isChaos ? 0.05 : 0.02)) job.state = 'waiting';
    if (!this.#isChaos) return;
    if (this.#random() < 0.03) this.#kill(this.#pick(['h0', 'h1', 'w1', 'w2']));
    if (this.#random() < 0.008) this.#queues.wipe();
    if (this.#random() < 0.01) this.#queues.loseSuffix(1 + Math.floor(this.#random() * 3));
  }

  #releaseOne(): void {
    const alive = this.#waiting.filter(({ process, life }) => this.#lives.get(process) === life);
    if (alive.length === 0) return;
    const chosen = this.#pick(alive);
    this.#waiting = this.#waiting.filter((operation) => operation !== chosen);
    chosen.go();
  }

  #violation(): string | null {
    if (this.#lost !== null) return this.#lost;
    for (const runId of this.#runs) {
      const settledCommands = (this.#postgres.events.get(runId) ?? []).flatMap((event) =>
        event.type === 'TaskSucceeded' ? [event.data.commandId] : [],
      );
      const expected = settledCommands.map((_, n) => commandIdOf(runId, n + 1));
      if (settledCommands.join() !== expected.join()) return `run ${runId} settled ${settledCommands.join(', ')}`;
    }
    const invented = this.#executed.find((commandId) => !this.#postgres.everCommitted.has(commandId));
    return invented === undefined ? null : `a worker executed ${invented}, which was never committed`;
  }

  #isDone(): boolean {
    return this.#runs.every((runId) => this.#postgres.events.get(runId)?.at(-1)?.type === 'RunSucceeded');
  }

  #pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.#random() * list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

/** Lets everything that can go on without the world go on. The batcher gathers for one turn of the event loop. */
const settled = async (): Promise<void> => {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
};
