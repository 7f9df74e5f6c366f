import { createLogger, type Logger } from '@baton/service-kit';
import { problemAtEnd } from './judge/final.js';
import { LogWatch } from './judge/log-watch.js';
import { lostBy } from './judge/queue-watch.js';
import type { Mutant, Wires } from './mutants/mutant.js';
import { Ledger } from './parts/ledger.js';
import { runOrchestrator } from './parts/orchestrator.js';
import { People } from './parts/people.js';
import { KINDS, runWorker } from './parts/worker.js';
import { catalog } from './parts/workflows.js';
import { Choices, type Schedule } from './world/choices.js';
import { CAPS, type Climate, climateOf, endpointOf } from './world/climate.js';
import { Clockwork, EPOCH_MS, type Process } from './world/clockwork.js';
import { isWritten, readAppend } from './world/database/append.js';
import { setCaps } from './world/database/place-statements.js';
import { type DatabasePorts, poolOf } from './world/database/pool.js';
import { Tables } from './world/database/tables.js';
import { messagingOf } from './world/messaging.js';
import { Operations } from './world/operations.js';
import { QueueServer } from './world/queue-server.js';

/*
 * A whole Baton in one process, under a seed: orchestrators, workers and people, each of the product's own code as far as it
 * goes, on a database and queues in memory. While it storms, the world does what it can to them; then it is calm, and
 * everything must end.
 */

const LOOK_EVERY_MS = 300;
const DONE_FOR_MS = 1_500;
const GIVEN_UP_AFTER_MS = 15_300;
const CALM_PATIENCE = 3;
/** A run that waits for a lease, a stalled job, two rounds of the sweep and its retries has long ended by then. */
const MOST_CALM_MS = 600_000;
/** Nothing waits for so long but a webhook whose endpoint was away. */
const MOST_QUIET_MS = 150_000;
const MOST_STEPS = 400_000;

export class Simulation {
  readonly choices: Choices;
  readonly clockwork: Clockwork;
  readonly tables: Tables;
  readonly #climate: Climate;
  readonly #server: QueueServer;
  readonly #operations: Operations;
  readonly #watch: LogWatch;
  readonly #ledger: Ledger;
  readonly #wires: Wires;
  readonly #log: Logger;
  readonly #cursorLock: DatabasePorts['cursorLock'] = { holder: null, process: null };
  readonly #living = new Map<string, Process>();
  readonly #people: People;
  /** Whoever asks for something; it stands still at times, and is never killed. */
  readonly #gateway: Process;
  #problem: string | null = null;
  #lives = 0;
  #seenHead = 0;
  #movedMs = 0;
  /** Until when one of them stands still. */
  #frozenUntilMs = 0;
  #doneSinceMs: number | null = null;
  #isOver = false;

  constructor(schedule: Schedule, mutant: Mutant | null) {
    this.choices = new Choices(schedule);
    this.clockwork = new Clockwork(this.choices);
    this.#climate = climateOf(this.choices);
    this.tables = new Tables(() => Math.floor(EPOCH_MS + this.clockwork.nowMs));
    setCaps(this.tables, this.#climate.caps);
    this.#server = new QueueServer(this.clockwork);
    this.#operations = new Operations({
      clockwork: this.clockwork,
      isStormy: () => this.isStormy,
      weather: this.#climate,
      kill: (process) => this.#kill(process),
      freeze: (process, name) => this.#freeze(process, name),
    });
    this.#watch = new LogWatch(this.tables, (problem) => this.#violated(problem));
    this.#ledger = new Ledger(
      (commandId) => this.#watch.issued.has(commandId),
      (problem) => this.#violated(problem),
    );
    this.#wires = mutant?.wires({ tables: this.tables, clockwork: this.clockwork, server: this.#server }) ?? {};
    this.#log = createLogger({ name: 'simulation', level: 'silent' });
    const process = this.#born('people');
    this.#gateway = process;
    this.#people = new People({
      ...{ process, clockwork: this.clockwork, ledger: this.#ledger, tables: this.tables },
      stormMs: this.#climate.stormMs,
      hasCaps: this.#climate.caps !== null,
      ...this.#connections(process),
    });
  }

  get isStormy(): boolean {
    return this.clockwork.nowMs < this.#climate.stormMs;
  }

  /** To be called under the clockwork. @returns what went wrong, or null */
  async run(): Promise<string | null> {
    const { clockwork } = this;
    const { hubs, workers, isAdvised } = this.#climate;
    for (let n = 0; n < hubs; n += 1) this.#startHub(`hub${n}`);
    for (let n = 0; n < workers; n += 1) this.#startWorker(`worker${n}`, isAdvised);
    this.#as(this.#gateway, () => this.#people.start());
    this.#keepStormy();
    clockwork.after(LOOK_EVERY_MS, null, () => this.#look());
    const mostMs = this.#climate.stormMs + MOST_CALM_MS;
    while (this.#problem === null && !this.#isOver && clockwork.nowMs < mostMs && clockwork.steps < MOST_STEPS)
      if (!(await clockwork.step())) break;
    if (this.#problem !== null) return this.#problem;
    if (!this.#isOver) return `not finished: ${this.#whatIsLeft()}`;
    const { tables, choices } = this;
    const isReplayed = this.#climate.isReplayed;
    return problemAtEnd({ tables, choices, ledger: this.#ledger, watch: this.#watch, isReplayed });
  }

  #startHub(name: string): void {
    const process = this.#born(name);
    const connections = this.#connections(process);
    this.#as(process, () => {
      const failed = (): void => this.#kill(process);
      runOrchestrator({
        ...connections,
        ...{ name, catalog, log: this.#log, fail: failed },
        post: endpointOf(process, this.#operations, this.#ledger),
        around: this.#wires.hub ?? ((hub) => hub),
      }).catch(failed);
    });
    process.restart = () => this.#startHub(name);
  }

  #startWorker(name: string, isAdvised: boolean): void {
    const process = this.#born(name);
    const kinds = Object.keys(KINDS).filter((kind) => kind !== 'advisor' || isAdvised);
    const { clockwork } = this;
    const hasOwnDoor = this.choices.draw(`own door of ${process.name}`) < this.#climate.ownDoors;
    const workerId = (kind: string): string => `${process.name} ${kind}`;
    this.#as(process, () =>
      runWorker({
        ...this.#connections(process),
        ...{ clockwork, process, kinds, hasOwnDoor, workerId },
        ledger: this.#ledger,
      }),
    );
    process.restart = () => this.#startWorker(name, isAdvised);
  }

  #connections(process: Process) {
    const { tables, clockwork } = this;
    const pool = poolOf(process, {
      tables,
      operations: this.#operations,
      cursorLock: this.#cursorLock,
      putTask: (task) => this.#server.add(task),
      answer: (name, values, next) => this.#wires.answer?.(name, values, next, process) ?? next(values),
      onAnswered: (name, asked, done, rows) => {
        if (!name.startsWith('append-batch')) return;
        this.#watch.letIn(Number(asked[0]), Number(asked[1]));
        if (isWritten(rows)) this.#watch.appended(readAppend(done));
      },
    });
    const messaging = messagingOf(process, {
      server: this.#server,
      operations: this.#operations,
      isStormy: () => this.isStormy,
      isInDatabase: this.#climate.isInDatabase,
      overtaking: this.#climate.overtaking,
      doubling: this.#climate.doubling,
      onDone: (job) => this.#violated(lostBy(job, tables, this.#server)),
      after: (delayMs, of, go) => void clockwork.after(delayMs, of, go),
    });
    return { pool, messaging: this.#wires.messaging?.(messaging) ?? messaging };
  }

  #born(name: string): Process {
    this.#lives += 1;
    const process: Process = {
      name: `${name}.${this.#lives}`,
      jitter: this.choices.jitterOf(`${name}.${this.#lives}`),
      ...{ isKillable: name !== 'people', isAlive: true, frozenUntilMs: 0, restart: null },
      clockOffsetMs: Math.round((this.choices.draw(`clock of ${name}`) - 0.5) * this.#climate.clockErrorMs),
    };
    this.#living.set(name, process);
    return process;
  }

  /** Whatever it begins goes on as this process. */
  #as(process: Process | undefined, begin: () => void): void {
    const before = this.clockwork.current;
    this.clockwork.current = process ?? null;
    begin();
    this.clockwork.current = before;
  }

  /** It is never gone on with. Something starts it anew after a while. */
  #kill(process: Process): void {
    if (!process.isAlive || !process.isKillable) return;
    process.isAlive = false;
    if (process.restart === null) return;
    const downMs = 100 + 5_000 * this.choices.draw(`down ${process.name}`) ** 2;
    this.clockwork.after(downMs, null, process.restart);
  }

  /** It stands still. One that does so for longer than a lease lasts is given up, and another takes its place; then it wakes up. */
  #freeze(process: Process, name: string): void {
    const ms = 500 + 20_000 * this.choices.draw(`ms ${name}`) ** 1.5;
    process.frozenUntilMs = this.clockwork.nowMs + ms;
    this.#frozenUntilMs = Math.max(this.#frozenUntilMs, process.frozenUntilMs);
    const { restart } = process;
    if (ms < GIVEN_UP_AFTER_MS || restart === null) return;
    process.restart = null;
    this.clockwork.after(GIVEN_UP_AFTER_MS, null, restart);
  }

  /** What happens to the whole world, looked at every tenth of a second. */
  #keepStormy(): void {
    const { choices, clockwork } = this;
    if (!this.isStormy) {
      clockwork.patience = CALM_PATIENCE;
      return;
    }
    const climate = this.#climate;
    const victim = (name: string): Process | undefined => choices.pick(`whom ${name}`, [...this.#living.values()]);
    const strike = (what: string, probability: number, act: (name: string) => void): void => {
      const name = choices.numbered(what);
      if (choices.fault(name, probability)) act(name);
    };
    strike('kill', climate.kills, (name) => {
      const process = victim(name);
      if (process !== undefined) this.#kill(process);
    });
    strike('freeze', climate.freezes, (name) => {
      const process = victim(name);
      if (process !== undefined) this.#freeze(process, name);
    });
    strike('clock', climate.clockJumps, (name) => {
      const process = victim(name);
      if (process !== undefined) process.clockOffsetMs += (choices.draw(`ms ${name}`) - 0.5) * 7_200_000;
    });
    strike('wipe queues', climate.wipes, () => this.#server.wipe());
    strike('other caps', climate.capChanges, (name) =>
      setCaps(this.tables, choices.pick(`which ${name}`, [null, ...CAPS])),
    );
    strike('lose jobs', climate.losses, (name) =>
      this.#server.loseLast(1 + Math.floor(choices.draw(`count ${name}`) * 4)),
    );
    clockwork.after(100, null, () => this.#keepStormy());
  }

  #look(): void {
    const { clockwork } = this;
    if (this.isStormy || this.#whatIsLeft() !== null) this.#doneSinceMs = null;
    else this.#doneSinceMs ??= clockwork.nowMs;
    this.#isOver = this.#doneSinceMs !== null && clockwork.nowMs - this.#doneSinceMs >= DONE_FOR_MS;
    if (this.#isStuck()) this.#violated(`not finished: ${this.#whatIsLeft()}`);
    clockwork.after(LOOK_EVERY_MS, null, () => this.#look());
  }

  #isStuck(): boolean {
    const { tables, clockwork } = this;
    if (this.isStormy || tables.head !== this.#seenHead) {
      this.#seenHead = tables.head;
      this.#movedMs = clockwork.nowMs;
    }
    const isAboutWebhooks = tables.commands.size === 0 && tables.inbox.size === 0 && tables.cursor === tables.head;
    return clockwork.nowMs - this.#movedMs > MOST_QUIET_MS && !isAboutWebhooks;
  }

  #whatIsLeft(): string | null {
    const { tables } = this;
    if (this.#frozenUntilMs > this.clockwork.nowMs) return 'a process stands still';
    if (this.#people.open > 0) return `${this.#people.open} requests were not accepted`;
    const [request] = tables.inbox.keys();
    if (request !== undefined) return `request ${request} waits`;
    const [waiting] = tables.places.waiting.keys();
    if (waiting !== undefined) return `request ${waiting} stands in line`;
    const [command] = tables.commands.values();
    if (command !== undefined) return `${command.name} ${command.commandId} is open`;
    for (const { runId, status } of tables.streams.values()) if (status !== 1) return `run ${runId} is open`;
    if (tables.cursor < tables.head) return `webhooks know the log up to ${tables.cursor} of ${tables.head}`;
    for (const { deliveryId, status } of tables.deliveries.values())
      if (status !== 'delivered') return `delivery ${deliveryId} is ${status}`;
    return null;
  }

  #violated(problem: string | null): void {
    this.#problem ??= problem;
  }
}
