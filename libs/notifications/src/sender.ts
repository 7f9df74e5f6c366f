import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, toError } from '@baton/contracts';
import { logHead } from '@baton/event-store';
import type { Resolve } from '@baton/outbound';
import type { Pool } from 'pg';
import { waitAfter } from './backoff.js';
import { followAnomalies } from './log/follow-anomalies.js';
import { followDeadLetters } from './log/follow-dead-letters.js';
import { followLog } from './log/follow-log.js';
import { type SendPorts, sendDelivery } from './send-delivery.js';
import { forgetSettled } from './store/deliveries.js';
import { type LeasedDelivery, leaseDue } from './store/leases.js';

/** The part of a pino logger that the sender uses. */
interface SenderLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface SenderOptions {
  /** Must have two connections to give. A pool of its own keeps notifications out of the hub's way. */
  readonly pool: Pool;
  readonly log: SenderLog;
  /** Where receivers reach the gateway, without a slash at its end: links begin with it. */
  readonly publicUrl: string;
  /** Private addresses and plain http are allowed, too. */
  readonly allowPrivate: boolean;
  readonly resolve: Resolve;
  readonly nowMs: () => number;
  readonly monotonicMs: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** How long to wait when there is nothing to do. */
  readonly pollMs?: number;
  /** How long an endpoint may take to answer. */
  readonly timeoutMs?: number;
  /** How long a delivery is this sender's; longer than `timeoutMs`, or it would be sent twice for no reason. */
  readonly leaseMs?: number;
  /** How many requests may be under way to one endpoint, by all senders together. */
  readonly mostPerWebhook?: number;
  /** See `SendPorts`. */
  readonly post?: SendPorts['post'];
}

export const TIMEOUT_MS = 10_000;
export const LEASE_MS = 30_000;
const POLL_MS = 500;
const MOST_PER_WEBHOOK = 4;
const MOST_AT_ONCE = 200;
const EVENTS_A_PAGE = 2_000;
const MAX_BACKOFF_MS = 10_000;
/** How long a stop waits for answers before it takes back what is under way. */
const STOP_GRACE_MS = 2_000;
const KEPT_DAYS = 30;
const FORGET_EVERY_MS = 3_600_000;

/*
 * Three loops, each of which any number of processes may run at once:
 *   follow   log, dead letters ──▶ deliveries   the cursor's row lock lets one look, the others look again later
 *   send     deliveries ──▶ requests  each is leased, so that one sends it; a lease that runs out frees it
 *   forget   what was settled long ago
 * None of them is in the way of an append: they read what is committed, on connections of their own.
 */

/** Tells webhooks what happens in the log. */
export class NotificationSender {
  readonly #stopping = new AbortController();
  readonly #cutOff = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #loops: readonly Promise<void>[];
  /** Ends the pause of the sending loop: something has become due, or a place has become free. */
  #wake = new AbortController();
  /** Where the cursor was when last seen: with the head it tells, in one cheap read, that there is nothing to do. */
  #seen = -1;

  private constructor(private readonly options: SenderOptions) {
    const { pollMs = POLL_MS } = options;
    this.#loops = [
      this.#loop(
        'following the log',
        () => this.#follow(),
        () => this.#pause(pollMs),
      ),
      this.#loop(
        'sending',
        () => this.#send(),
        () => this.#pause(pollMs, this.#wake.signal),
      ),
      this.#loop(
        'forgetting',
        () => this.#forget(),
        () => this.#pause(FORGET_EVERY_MS),
      ),
    ];
  }

  static start(options: SenderOptions): NotificationSender {
    return new NotificationSender(options);
  }

  /** Resolves when nothing is under way any more. What an endpoint has not answered is given back, to be sent again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
    const grace = setTimeout(() => this.#cutOff.abort(new Error('the sender stops')), STOP_GRACE_MS);
    await Promise.all(this.#underWay);
    clearTimeout(grace);
  }

  /** @returns whether there is more to do right now. */
  async #follow(): Promise<boolean> {
    const { pool, publicUrl } = this.options;
    const letters = await followDeadLetters(pool, publicUrl);
    const anomalies = await followAnomalies(pool, publicUrl);
    if (letters.deliveries + anomalies.deliveries > 0) this.#wake.abort();
    const isBehind = letters.isBehind || anomalies.isBehind;
    if (this.#seen >= (await logHead(pool))) return isBehind;
    const followed = await followLog(pool, publicUrl, EVENTS_A_PAGE);
    if (followed.status === 'busy') return false;
    this.#seen = followed.position;
    if (followed.deliveries > 0) this.#wake.abort();
    return followed.isBehind || isBehind;
  }

  async #send(): Promise<boolean> {
    const { pool, mostPerWebhook = MOST_PER_WEBHOOK, leaseMs = LEASE_MS } = this.options;
    this.#wake = new AbortController();
    const most = MOST_AT_ONCE - this.#underWay.size;
    if (most <= 0) return false;
    for (const delivery of await leaseDue(pool, { most, mostPerWebhook, leaseMs })) {
      const sending = this.#sendOne(delivery).finally(() => {
        this.#underWay.delete(sending);
        this.#wake.abort();
      });
      this.#underWay.add(sending);
    }
    return false;
  }

  async #sendOne(delivery: LeasedDelivery): Promise<void> {
    const { timeoutMs = TIMEOUT_MS, log, random, ...rest } = this.options;
    const { deliveryId, webhookId } = delivery;
    try {
      const waitMs = waitAfter(delivery.failed + 1, random());
      const answer = await sendDelivery({ ...rest, timeoutMs }, delivery, waitMs, this.#cutOff.signal);
      log.info({ deliveryId, webhookId, answer: answer.type === 'answered' ? answer.status : null }, 'webhook called');
    } catch (thrown) {
      // Nothing is lost: the lease runs out, and the next sender sends it under the same id.
      log.warn({ deliveryId, webhookId, err: toError(thrown) }, 'webhook delivery not recorded, it will be sent again');
    }
  }

  async #forget(): Promise<boolean> {
    await forgetSettled(this.options.pool, KEPT_DAYS);
    return false;
  }

  async #loop(doing: string, turn: () => Promise<boolean>, pause: () => Promise<void>): Promise<void> {
    const { log } = this.options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        const hasMore = await turn();
        if (failures > 0) log.info({ doing, failures }, 'notifications go on');
        failures = 0;
        if (!hasMore) await pause();
      } catch (thrown) {
        failures += 1;
        // One line for an outage, not one for every attempt.
        if (failures === 1) this.#complain(doing, toError(thrown));
        await this.#pause(Math.min(MAX_BACKOFF_MS, 100 * 2 ** Math.min(failures, 10)));
      }
    }
  }

  #complain(doing: string, err: Error): void {
    const { log } = this.options;
    if (err instanceof BatonError && err.code === 'event-not-understood') {
      log.error({ doing, err }, 'webhooks learn nothing new: an event cannot be read');
    } else {
      log.warn({ doing, err }, 'notifications wait, and try again');
    }
  }

  async #pause(ms: number, woken?: AbortSignal): Promise<void> {
    const { signal } = this.#stopping;
    await sleep(ms, undefined, { signal: woken === undefined ? signal : AbortSignal.any([signal, woken]) }).catch(
      () => {
        // Stopped or woken.
      },
    );
  }
}
