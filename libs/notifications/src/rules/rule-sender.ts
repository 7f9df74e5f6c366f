import { setTimeout as sleep } from 'node:timers/promises';
import { BatonError, type CutSecrets, storableText, toError } from '@baton/contracts';
import type { Pool } from 'pg';
import { waitAfter } from '../backoff.js';
import { followForRules } from './follow-for-rules.js';
import { gatherMessages } from './gather.js';
import {
  forgetMessages,
  type LeasedMessage,
  leaseMessages,
  type OfMessage,
  releaseMessage,
  settleMessage,
} from './messages.js';
import { type ChannelPorts, sendMessage } from './send-message.js';

export interface RuleSenderOptions extends ChannelPorts {
  /** Must have two connections to give. */
  readonly pool: Pool;
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
  /** Of what a server said, before it is stored. */
  readonly cut: CutSecrets;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly pollMs?: number;
}

const POLL_MS = 500;
const LEASE_MS = 60_000;
const MOST_AT_ONCE = 20;
const STOP_GRACE_MS = 2_000;
const KEPT_DAYS = 30;
const FORGET_EVERY_MS = 3_600_000;
/** Of what went wrong, in characters. */
const MOST_OF_AN_ERROR = 1_000;

/**
 * Tells people what happens in the log, by rules. Any number of processes may do so at once: the cursor's row, the notices and the messages
 * are each locked by whoever is at them, and a lease that runs out frees what a dead process had. So each message comes at least once.
 */
export class RuleSender {
  readonly #stopping = new AbortController();
  readonly #cutOff = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  readonly #unreadable = new Set<string>();
  #forgottenAtMs = Number.NEGATIVE_INFINITY;

  private constructor(private readonly options: RuleSenderOptions) {
    this.#loop = this.#run();
  }

  static start(options: RuleSenderOptions): RuleSender {
    return new RuleSender(options);
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    const grace = setTimeout(() => this.#cutOff.abort(new Error('the sender stops')), STOP_GRACE_MS);
    await Promise.all(this.#underWay);
    clearTimeout(grace);
  }

  async #run(): Promise<void> {
    const { log, pollMs = POLL_MS } = this.options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      let hasMore = false;
      try {
        hasMore = await this.#turn();
        failures = 0;
      } catch (thrown) {
        failures += 1;
        // One line for an outage, not one for every attempt.
        if (failures === 1) log.warn({ err: toError(thrown) }, waitsFor(thrown));
      }
      if (!hasMore)
        await sleep(failures > 0 ? pollMs * 4 : pollMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  async #turn(): Promise<boolean> {
    const { pool } = this.options;
    const followed = await this.#follow();
    await gatherMessages(pool);
    const room = MOST_AT_ONCE - this.#underWay.size;
    for (const message of room > 0 ? await leaseMessages(pool, room, LEASE_MS) : []) {
      const sending: Promise<void> = this.#send(message).finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }
    if (performance.now() - this.#forgottenAtMs > FORGET_EVERY_MS) {
      await forgetMessages(pool, KEPT_DAYS);
      this.#forgottenAtMs = performance.now();
    }
    // What is known already is told all the same.
    if (!followed.ok) throw followed.thrown;
    return followed.hasMore;
  }

  async #follow(): Promise<{ readonly ok: true; readonly hasMore: boolean } | { readonly ok: false; thrown: unknown }> {
    const { pool, log } = this.options;
    const leaveOut = (rule: string): void => {
      if (!this.#unreadable.has(rule)) log.warn({ rule }, 'a rule of notifications cannot be read, and is left out');
      this.#unreadable.add(rule);
    };
    try {
      return { ok: true, hasMore: await followForRules(pool, leaveOut) };
    } catch (thrown) {
      return { ok: false, thrown };
    }
  }

  async #send(message: LeasedMessage): Promise<void> {
    const { pool, log, cut, random } = this.options;
    const { messageId, rule, attempts } = message;
    try {
      const of = await this.#attempt(message);
      if (of === null) return;
      const said = of.error === null ? of : { ...of, error: cut(of.error).slice(0, MOST_OF_AN_ERROR).toWellFormed() };
      await settleMessage(pool, message, said, waitAfter(attempts + 1, random()));
      log.info({ messageId, rule, status: of.status }, 'people told');
    } catch (thrown) {
      // Nothing is lost: the lease runs out, and the next sender sends it again.
      log.warn({ messageId, rule, err: toError(thrown) }, 'message not recorded, it will be sent again');
    }
  }

  /** Null where the sender stopped in the middle: it is given back. */
  async #attempt(message: LeasedMessage): Promise<OfMessage | null> {
    const stopped = this.#cutOff.signal;
    const { promise: cutOff, resolve } = Promise.withResolvers<null>();
    const cut = (): void => resolve(null);
    stopped.addEventListener('abort', cut, { once: true });
    const sent = sendMessage(message, this.options, stopped).catch((thrown: unknown) =>
      stopped.aborted ? null : notSent(thrown),
    );
    const of = await Promise.race([sent, cutOff]);
    stopped.removeEventListener('abort', cut);
    if (of === null) await releaseMessage(this.options.pool, message);
    return of;
  }
}

/** What cannot be written or sent as it is counts as an attempt: else nobody would ever hear of it. */
const notSent = (thrown: unknown): OfMessage => ({
  status: 'again',
  error: `not sent: ${storableText(toError(thrown).message)}`,
});

const waitsFor = (thrown: unknown): string =>
  thrown instanceof BatonError && thrown.code === 'event-not-understood'
    ? 'rules of notifications learn nothing new: an event cannot be read'
    : 'rules of notifications wait, and try again';
