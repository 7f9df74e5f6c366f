import { type BatonError, toError } from '@baton/contracts';
import { appendBatch, parkRun, putBlob, recordDeadLetter, saveDispatched } from '@baton/event-store';
import { type Messaging, queueEpoch } from '@baton/messaging';
import type { Logger } from '@baton/service-kit';
import type { Pool } from 'pg';
import { Batcher } from './batcher.js';
import { watchDeadlines } from './deadlines.js';
import { Dispatcher } from './dispatcher.js';
import { LaneLease } from './lane-lease.js';
import type { HubMessage, HubOutcome } from './message.js';
import { rebuildQueues } from './rebuild-queues.js';
import { Repeat } from './repeat.js';
import { RunCache } from './run-cache.js';
import { createSweeper, sendUndispatched } from './sweep.js';

const SAVE_CURSOR_EVERY_MS = 1_000;
const CHECK_EPOCH_EVERY_MS = 1_000;
const SEND_TAIL_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 5_000;
const SWEEP_GRACE_MS = 20_000;

export interface HubPorts {
  readonly pool: Pool;
  readonly messaging: Messaging;
  readonly owner: string;
  readonly nowMs: () => number;
  readonly log: Logger;
  /** The lane is lost: nothing this process would write is accepted any more. Must end the process. */
  readonly onFenced: (error: Error) => void;
}

/** The hub of one orchestrator process: decides, appends, dispatches, and looks after what time and crashes leave behind. */
export class Hub {
  readonly #repeats: Repeat[] = [];

  private constructor(
    private readonly ports: HubPorts,
    private readonly lease: LaneLease,
    private readonly dispatcher: Dispatcher,
    private readonly batcher: Batcher,
  ) {}

  static async start(ports: HubPorts): Promise<Hub> {
    const { pool, messaging, log } = ports;
    const lease = await LaneLease.take(pool, ports.owner);
    const dispatcher = new Dispatcher(
      { publish: (queue, jobs) => messaging.publish(queue, jobs), nowMs: ports.nowMs, log },
      lease.lane.dispatchedSeq,
    );
    const batcher = new Batcher({
      cache: new RunCache(pool),
      append: async (items) => {
        try {
          return await appendBatch(pool, lease.lane, dispatcher.dispatchedSeq, items);
        } catch (thrown) {
          if (isFenced(thrown)) ports.onFenced(toError(thrown));
          throw thrown;
        }
      },
      putBlob: (text) => putBlob(pool, text),
      dispatch: (commands) => dispatcher.dispatch(commands),
      park: (message, error) => park(pool, message, error),
      nowMs: ports.nowMs,
      log,
    });
    const hub = new Hub(ports, lease, dispatcher, batcher);
    await hub.#recover();
    hub.#watch();
    return hub;
  }

  handle(message: HubMessage): Promise<HubOutcome> {
    return this.batcher.handle(message);
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
    await sendUndispatched(this.#sweepPorts(), this.lease.lane.lane, 0).catch((thrown: unknown) => this.#warn(thrown));
  }

  #watch(): void {
    const { pool, nowMs, log } = this.ports;
    this.lease.keep(log, this.ports.onFenced);
    const lane = this.lease.lane.lane;
    const every = (name: string, everyMs: number, task: () => Promise<unknown>): Repeat =>
      new Repeat(name, everyMs, async () => void (await task()), log).start();
    this.#repeats.push(
      watchDeadlines({ pool, handle: (message) => this.handle(message), nowMs, log }),
      every('save-cursor', SAVE_CURSOR_EVERY_MS, () => this.#saveCursor()),
      every('queue-epoch', CHECK_EPOCH_EVERY_MS, () => rebuildQueues(this.#recoveryPorts())),
      every('undispatched', SEND_TAIL_EVERY_MS, () => sendUndispatched(this.#sweepPorts(), lane, SEND_TAIL_EVERY_MS)),
      every('sweep', SWEEP_EVERY_MS, createSweeper(this.#sweepPorts())),
    );
  }

  #saved = -1;
  async #saveCursor(): Promise<void> {
    const seq = this.dispatcher.dispatchedSeq;
    if (seq === this.#saved) return;
    await saveDispatched(this.ports.pool, this.lease.lane, seq);
    this.#saved = seq;
  }

  #sweepPorts() {
    const { pool, messaging, nowMs, log } = this.ports;
    return {
      pool,
      dispatcher: this.dispatcher,
      jobState: (queue: string, jobId: string) => messaging.jobState(queue, jobId),
      nowMs,
      log,
      graceMs: SWEEP_GRACE_MS,
    };
  }

  #recoveryPorts() {
    const { pool, messaging, log } = this.ports;
    return { pool, epoch: queueEpoch(messaging), dispatcher: this.dispatcher, log };
  }

  #warn(thrown: unknown): void {
    this.ports.log.warn({ err: toError(thrown) }, 'recovery at start incomplete, the periodic checks will finish it');
  }
}

const isFenced = (thrown: unknown): thrown is BatonError =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'lane-fenced';

/** Puts a message that `decide` cannot digest aside, and keeps the sweep from bringing it back. */
async function park(pool: Pool, message: HubMessage, error: Error): Promise<void> {
  await recordDeadLetter(pool, {
    source: 'hub',
    name: message.command.type,
    reason: `The run could not decide this message: ${error.message}`,
    message: JSON.stringify(message.command),
    runId: message.runId,
    ...('commandId' in message.command ? { commandId: message.command.commandId } : {}),
    ...(message.requestId === undefined ? {} : { requestId: message.requestId }),
  });
  await parkRun(pool, message.runId);
}
