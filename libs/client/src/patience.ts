import { toError } from '@baton/contracts';
import { GatewayRefused, GatewayUnreachable } from './refused.js';

export interface PatienceOptions {
  readonly signal: AbortSignal;
  /** For how long the gateway may be away before this gives up. Infinity: for ever. */
  readonly patienceMs: number;
  /** Told once per loss, so that a reader knows why nothing moves. */
  onLost?(): void;
}

const RETRY_FIRST_MS = 200;
const RETRY_MOST_MS = 2_000;

/** Whether waiting can help. A stream that breaks in the middle rejects with a TypeError of fetch. */
const canPass = (thrown: unknown): boolean =>
  thrown instanceof GatewayUnreachable ||
  thrown instanceof TypeError ||
  (thrown instanceof GatewayRefused && (thrown.status >= 500 || thrown.status === 429));

/** How long a gateway has been away, and how long to wait before it is asked again. */
export class Patience {
  #lostAt: number | null = null;
  #delayMs = RETRY_FIRST_MS;

  readonly #options: PatienceOptions;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  isBack(): void {
    this.#lostAt = null;
    this.#delayMs = RETRY_FIRST_MS;
  }

  /** Throws what happened, when waiting cannot help or has gone on for too long. */
  takeLoss(thrown: unknown): void {
    if (!canPass(thrown)) throw thrown;
    const now = performance.now();
    if (this.#lostAt === null) this.#options.onLost?.();
    this.#lostAt ??= now;
    if (now - this.#lostAt > this.#options.patienceMs) throw toError(thrown);
  }

  /** An abort ends the wait; the caller's loop looks at the signal. */
  async wait(): Promise<void> {
    await pause(this.#delayMs, this.#options.signal);
    this.#delayMs = Math.min(this.#delayMs * 2, RETRY_MOST_MS);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Asks until there is an answer: for requests that may be sent twice. Throws the signal's reason when it is aborted. */
export async function persistently<T>(options: PatienceOptions, ask: () => Promise<T>): Promise<T> {
  const patience = new Patience(options);
  for (;;) {
    options.signal.throwIfAborted();
    try {
      return await ask();
    } catch (thrown) {
      options.signal.throwIfAborted();
      patience.takeLoss(thrown);
    }
    await patience.wait();
  }
}
