import type { RequestId } from '@baton/contracts';
import type { WaitingRequest } from '@baton/event-store';

const FIRST_WAIT_MS = 1_000;
const MOST_WAIT_MS = 60_000;
/** More failing ones than this are not told apart; they are then tried whenever the round comes by. */
const MOST_REMEMBERED = 10_000;

interface Failing {
  readonly failures: number;
  readonly tryAtMs: number;
}

/** What one process knows of the line in the inbox: how far its rounds have come, and which requests failed. */
export class InboxLine {
  readonly #failing = new Map<RequestId, Failing>();
  #last: WaitingRequest | null = null;

  /** Where the next page begins. */
  get place(): { readonly after?: WaitingRequest } {
    return this.#last === null ? {} : { after: this.#last };
  }

  isReady({ requestId }: WaitingRequest, nowMs: number): boolean {
    return nowMs >= (this.#failing.get(requestId)?.tryAtMs ?? Number.NEGATIVE_INFINITY);
  }

  taken({ requestId }: WaitingRequest): void {
    this.#failing.delete(requestId);
  }

  failed({ requestId }: WaitingRequest, nowMs: number): void {
    const failures = (this.#failing.get(requestId)?.failures ?? 0) + 1;
    const waitMs = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 10));
    this.#failing.delete(requestId);
    this.#failing.set(requestId, { failures, tryAtMs: nowMs + waitMs });
    if (this.#failing.size <= MOST_REMEMBERED) return;
    const [oldest] = this.#failing.keys();
    if (oldest !== undefined) this.#failing.delete(oldest);
  }

  /** A page is done with: at the end of the line the next one begins at its head. */
  passed(page: readonly WaitingRequest[], size: number): void {
    this.#last = page.length < size ? null : (page.at(-1) ?? null);
  }
}
