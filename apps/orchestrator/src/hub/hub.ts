import type { Catalog } from '@baton/catalog';
import { toError } from '@baton/contracts';
import {
  type CommandRow,
  databaseTimeMs,
  getBlob,
  livingKinds,
  readNonces,
  readTaskTokens,
  type Suspect,
} from '@baton/event-store';
import { type Messaging, queueEpoch } from '@baton/messaging';
import type { Sealer } from '@baton/personal-data';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import type { Advance, HubClock } from './batching/advance.js';
import { Batcher } from './batching/batcher.js';
import type { BatcherPorts } from './batching/batcher-ports.js';
import { DatabaseClock } from './database-clock.js';
import { Dispatcher } from './dispatcher.js';
import { fencing } from './fencing.js';
import { type HubStore, postgresStore } from './hub-store.js';
import { type IsGone, LaneLease, livingLanes } from './lane-lease.js';
import type { LogEnd } from './log-end.js';
import type { HubMessage, HubOutcome } from './message.js';
import { OwnedLanes } from './owned-lanes.js';
import { openJobs, sealMessage } from './personal/seal-message.js';
import { Repeat } from './repeat.js';
import { Children } from './rounds/children.js';
import { watchDeadlines } from './rounds/deadlines.js';
import { takeUpLetters } from './rounds/letters.js';
import { type Lineages, lineagesIn } from './rounds/lineages.js';
import { type Publications, publicationsIn } from './rounds/publications.js';
import { rebuildQueues } from './rounds/rebuild-queues.js';
import { createTailSender } from './rounds/send-tail.js';
import { createSweeper } from './rounds/sweep.js';
import { goOn } from './rounds/turns.js';
import { watchUnadvised } from './rounds/unadvised.js';
import { workerCrashed } from './rounds/worker-crashed.js';
import { WaysToWorkers } from './ways-to-workers.js';

const SAVE_CURSOR_EVERY_MS = 1_000;
const CHECK_EPOCH_EVERY_MS = 1_000;
const SEND_TAIL_EVERY_MS = 2_000;
const TAKE_UP_LETTERS_EVERY_MS = 1_000;
const LOOK_AT_KINDS_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 5_000;
const SWEEP_GRACE_MS = 20_000;
/** What the hub of another lane has not landed by now is anybody's. */
const OTHERS_LANDINGS_AFTER_MS = 4_000;

export interface HubPorts extends HubClock {
  /** The clock of this machine. Nothing is decided by it: see `DatabaseClock`. */
  readonly nowMs: () => number;
  readonly pool: Pool;
  readonly messaging: Messaging;
  /** Where the workflows of child runs are found, and what was composed is published. */
  readonly catalog: Pick<Catalog, 'find' | 'checks' | 'newestVersion'>;
  readonly owner: string;
  /** Of a lane. Where it is absent, nobody is known to be gone before its lease says so. */
  readonly isGone?: IsGone;
  readonly sealer: Sealer;
  readonly log: Logger;
  /** Where expressions are evaluated: see `BatcherPorts`. */
  readonly evaluatorFor?: BatcherPorts['evaluatorFor'];
  readonly metrics?: BatcherPorts['metrics'];
  /** Notes what is written, and stops where it is gone. */
  readonly logEnd?: LogEnd;
  /** Runs have ended: places may be free. Must not throw. */
  readonly onEnded?: () => void;
  /** The lane is lost: nothing this process would write is accepted any more. Must end the process. */
  readonly onFenced: (error: Error) => void;
}

/** The hub of one orchestrator process: decides, appends, dispatches, and looks after what time and crashes leave behind. */
export class Hub {
  readonly #repeats: Repeat[] = [];
  readonly #sendTail: ReturnType<typeof createTailSender>;

  private constructor(
    private readonly ports: HubPorts,
    private readonly lease: LaneLease,
    private readonly store: HubStore,
    private readonly dispatcher: Dispatcher,
    private readonly batcher: Batcher,
    private readonly children: Children,
    private readonly lineages: Lineages,
    private readonly publications: Publications,
    private readonly ways: WaysToWorkers,
    private readonly owned: OwnedLanes,
  ) {
    this.#sendTail = createTailSender(this.#sweepPorts(), lease.lane.lane);
  }

  static async start(ports: HubPorts): Promise<Hub> {
    const { pool, messaging, log, isGone = () => false } = ports;
    const lanes = () => livingLanes(pool, isGone);
    await lanes();
    const lease = await LaneLease.take(pool, ports.owner);
    // From now on: to recover may take longer than the lease lasts.
    lease.keep(log, ports.onFenced);
    const { nowMs, monotonicMs } = ports;
    const readDatabaseMs = () => databaseTimeMs(pool);
    const clock = await DatabaseClock.start({ readDatabaseMs, nowMs, monotonicMs, log });
    const ways = new WaysToWorkers(() => livingKinds(pool));
    const dispatcher = new Dispatcher(
      {
        publish: async (queue, jobs, options) => messaging.publish(queue, await openJobs(jobs, ports.sealer), options),
        nonceOf: await readNonces(pool),
        tokenOf: await readTaskTokens(pool),
        wayTo: (queue) => ways.wayTo(queue),
        alongside: await messaging.alongside(),
        lane: lease.lane.lane,
        monotonicMs,
        log,
      },
      lease.lane.dispatchedSeq,
    );
    const owned = await OwnedLanes.start(lease.lane.lane, lanes);
    const written = postgresStore(pool, lease.lane, owned);
    const store = fencing(ports.logEnd?.noting(written) ?? written, ports.onFenced);
    const handle = (message: HubMessage) => batcher.handle(message);
    const children = new Children({
      store,
      catalog: ports.catalog,
      sealer: ports.sealer,
      getBlob: (ref) => getBlob(pool, ref),
      handle,
      log,
    });
    const scope = () => ({ scope: { lanes: owned.lanes, othersAfterMs: OTHERS_LANDINGS_AFTER_MS } });
    const lineages = lineagesIn(pool, { scope, handle, log });
    const publications = publicationsIn(pool, ports.catalog, { scope, handle, log });
    const tellEnds = (advances: readonly Advance[]): void => {
      const ended = advances.filter(({ item }) => item.ended).map(({ runId }) => runId);
      if (ended.length === 0) return;
      messaging.tellEnds(ended);
      ports.onEnded?.();
    };
    const batcher = new Batcher({
      store,
      dispatchedSeq: () => dispatcher.dispatchedSeq,
      along: (items) => dispatcher.along(items),
      dispatch: (commands, wasAlong) => (wasAlong ? dispatcher.sentAlong(commands) : dispatcher.dispatch(commands)),
      onCommitted: (advances, commands) => {
        for (const { item } of advances) dispatcher.forget(item.consume);
        tellEnds(advances);
        children.onCommitted(advances, commands);
        lineages.onCommitted(commands);
        publications.onCommitted(commands);
        goOn(commands, { handle, log });
      },
      seal: (message, run) => sealMessage(message, run, ports.sealer),
      settleClock: () => clock.settle(),
      nowMs: () => clock.nowMs(),
      monotonicMs,
      maxPayloadBytes: ports.maxPayloadBytes,
      ...(ports.evaluatorFor === undefined ? {} : { evaluatorFor: ports.evaluatorFor }),
      limits: ports.limits,
      ...{ isTracing: ports.isTracing, metrics: ports.metrics, knowsRungs: dispatcher.knowsRungs },
      log,
    });
    const hub = new Hub(ports, lease, store, dispatcher, batcher, children, lineages, publications, ways, owned);
    // What it sends again at once has to go where it went before.
    await ways.refresh().catch((thrown: unknown) => hub.#warn(thrown));
    await hub.#recover();
    hub.#watch();
    return hub;
  }

  /** The lane that this hub writes in: its results come by the queue of the lane. */
  get lane(): number {
    return this.lease.lane.lane;
  }

  /** Whether this hub, of all that live, looks for what is in no lane. */
  get isFirst(): boolean {
    return this.owned.isFirst;
  }

  handle(message: HubMessage): Promise<HubOutcome> {
    return this.batcher.handle(message);
  }

  get sealer(): Sealer {
    return this.ports.sealer;
  }

  /** Notes of what may end this process, beside those of the decisions. */
  get suspects() {
    const { store } = this;
    return {
      begin: (suspect: Suspect): Promise<boolean> => store.beginSuspect(suspect),
      clear: (key: string): Promise<void> => store.clearSuspect(key),
    };
  }

  /** What only whoever was given a task can know: see `refuseUnproven`. */
  get nonceOf(): Dispatcher['nonceOf'] {
    return (command) => this.dispatcher.nonceOf(command);
  }

  /**
   * Before a stop: the hubs that stay take the results of this lane and look after its commands from now on, without waiting for
   * anything to run out. What this one has in work it ends, and writes.
   */
  async giveLaneAway(): Promise<void> {
    await this.lease.giveAway();
    await this.ports.messaging.tellLane(this.lane);
  }

  /** Calls `take` when another hub gives its lane away, once the rounds of this one look after it. */
  onLaneGiven(take: () => void): Promise<() => void> {
    return this.ports.messaging.hearLanes((lane) => {
      if (lane === this.lane) return;
      this.owned.refresh().then(take, (thrown: unknown) => {
        this.ports.log.warn({ lane, err: toError(thrown) }, 'lane given away, the next round finds it');
      });
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#repeats.map((repeat) => repeat.stop()));
    await this.batcher.stop();
    await this.dispatcher.settled();
    await this.#saveCursor().catch(() => {
      // The tail is then sent once more at the next start, which is harmless.
    });
    await this.lease.stop();
  }

  /** What a process that was killed left behind is sent at once, not after a grace period. */
  async #recover(): Promise<void> {
    await rebuildQueues(this.#recoveryPorts()).catch((thrown: unknown) => this.#warn(thrown));
    await this.#sendTail(0).catch((thrown: unknown) => this.#warn(thrown));
  }

  #watch(): void {
    const { log } = this.ports;
    const every = (name: string, everyMs: number, task: () => Promise<unknown>): Repeat =>
      new Repeat(name, everyMs, async () => void (await task()), log).start();
    this.#repeats.push(
      this.owned.watch(log),
      watchDeadlines({ store: this.store, handle: (message) => this.handle(message), log }),
      watchUnadvised({ store: this.store, handle: (message) => this.handle(message), log }),
      every('save-cursor', SAVE_CURSOR_EVERY_MS, () => this.#saveCursor()),
      every('queue-epoch', CHECK_EPOCH_EVERY_MS, () => rebuildQueues(this.#recoveryPorts())),
      every('undispatched', SEND_TAIL_EVERY_MS, () => this.#sendTail(SEND_TAIL_EVERY_MS)),
      every('sweep', SWEEP_EVERY_MS, createSweeper(this.#sweepPorts())),
      every('ways-to-workers', LOOK_AT_KINDS_EVERY_MS, () => this.ways.refresh()),
      every('letters', TAKE_UP_LETTERS_EVERY_MS, () => takeUpLetters(this.#letterPorts())),
      this.children.watch(),
      this.lineages.watch(),
      this.publications.watch(),
    );
  }

  #saved = -1;
  async #saveCursor(): Promise<void> {
    const seq = this.dispatcher.dispatchedSeq;
    if (seq === this.#saved) return;
    await this.store.saveDispatched(seq);
    this.#saved = seq;
  }

  #sweepPorts() {
    const { messaging, log } = this.ports;
    return {
      store: this.store,
      ...{ dispatcher: this.dispatcher, shares: this.batcher.shares },
      jobStates: (queue: string, jobIds: readonly string[]) => messaging.jobStates(queue, jobIds),
      withdraw: (queue: string, jobIds: readonly string[]) => messaging.withdraw(queue, jobIds),
      hasWaiting: async (queue: string) => {
        // What was in the hands of a process that ended is in work until its lease is over.
        const { waiting, delayed, active } = await messaging.counts(queue);
        return waiting + delayed + active > 0;
      },
      giveUp: (command: CommandRow) => this.handle(workerCrashed(command)),
      log,
      graceMs: SWEEP_GRACE_MS,
    };
  }

  #letterPorts() {
    const { pool, messaging, log } = this.ports;
    const { dispatcher, store } = this;
    return { pool, dispatcher, store, publish: messaging.publish.bind(messaging), log };
  }

  #recoveryPorts() {
    const { messaging, log } = this.ports;
    return { store: this.store, epoch: queueEpoch(messaging), dispatcher: this.dispatcher, log };
  }

  #warn(thrown: unknown): void {
    this.ports.log.warn({ err: toError(thrown) }, 'recovery at start incomplete, the periodic checks will finish it');
  }
}
